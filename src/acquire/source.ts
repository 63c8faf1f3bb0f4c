import { concat, defer, EMPTY, type Observable, of, takeUntil, tap } from 'rxjs';
import type { Clock } from '../core/clock';
import { escapeLine } from '../core/log-text';
import type { Frame, ImageArea } from '../frame';
import type { Tracks } from './ffmpeg/tracks';

/** Why a connection to a source ended; the `reason` label of `reconnects_total`. */
export type LossReason = 'refused' | 'unauthorised' | 'not-found' | 'no-video' | 'ended' | 'stalled' | 'late' | 'crashed' | 'reconfigured';

/** The contract's words for why a stream has no pictures, where one fits. */
export type LossWord = 'no such device' | 'refused' | 'unauthorised' | 'not found';

/** Why a connection was reopened at once: its pictures came in decoding order, or were interlaced. */
export type ReopenReason = 'in-order' | 'deinterlaced';

/** What a source emits. It reconnects by itself, and errors only when trying again is pointless. */
export type SourceEvent =
  /** An attempt to connect; `attempt` counts from 1 and starts again at 1 once pictures have arrived. */
  | { readonly kind: 'connecting'; readonly at: number; readonly attempt: number }
  /** Before the first frame of a connection, and whenever the size changes. */
  | {
      readonly kind: 'connected';
      readonly at: number;
      readonly width: number;
      readonly height: number;
      readonly codec: string;
      /** Present if the source has several videos. */
      readonly tracks?: Tracks;
      /** Why the source was reopened, reported once. */
      readonly reopenedFor?: readonly ReopenReason[];
    }
  | { readonly kind: 'frame'; readonly frame: Frame }
  /** What is known of the image area from the next frame on; emitted when that changes. */
  | { readonly kind: 'area'; readonly at: number; readonly found: ImageArea }
  /** Captured frames that were dropped. */
  | { readonly kind: 'dropped'; readonly at: number; readonly reason: string; readonly count: number }
  /**
   * No picture has come for a while; the next `frame` ends this. `packets`: data arrives, but has given no picture yet.
   */
  | { readonly kind: 'stalled'; readonly at: number; readonly packets?: true }
  /** Emitted repeatedly while no picture comes. `waits`: none is due, as in a pause of a recording. */
  | { readonly kind: 'silent'; readonly at: number; readonly waits: boolean }
  /** Pictures arrive late and show the past, until `punctual` or the next connection. */
  | { readonly kind: 'late'; readonly at: number; readonly behindMs: number }
  | { readonly kind: 'punctual'; readonly at: number }
  /** This machine is too slow and drops frames as `overload`, until `relieved` or the next connection. */
  | { readonly kind: 'overloaded'; readonly at: number }
  | { readonly kind: 'relieved'; readonly at: number }
  /** Pictures are nearly black: their samples have `bits` bits, but only the lower `used` are in use. */
  | { readonly kind: 'dim'; readonly at: number; readonly bits: number; readonly used: number }
  /** The connection failed; `connecting` follows. `message` is one line without credentials. */
  | {
      readonly kind: 'lost';
      readonly at: number;
      readonly reason: LossReason;
      readonly message: string;
      readonly word?: LossWord | undefined;
    }
  /** The recording is over and the source completes. `message`: why it can never be read. */
  | { readonly kind: 'ended'; readonly at: number; readonly message?: string; readonly word?: LossWord | undefined };

/** A stream of frames. Cold: subscribing opens it; unsubscribing closes it and leaves no process behind. */
export type Source = Observable<SourceEvent>;

/** Why there are no (more) pictures. The message is one line without credentials. */
export class SourceError extends Error {
  constructor(
    readonly code: LossReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(escapeLine(message), options);
    this.name = 'SourceError';
  }
}

type Lost = Extract<SourceEvent, { kind: 'lost' }>;

/**
 * Closes a source when its stream is removed or given another source. Its last event is then `lost`, so that its run
 * ends, its mask becomes history and every frame gets its fate.
 *
 *    source  --f--f--f--f
 *    gone    ----------g
 *    out     --f--f--f-(l|)
 */
export function untilRemoved(gone: Observable<unknown>, clock: Clock): <E>(source: Observable<E>) => Observable<E | Lost> {
  return (source) =>
    defer(() => {
      let removed = false;
      const lostEvent = (): Lost => ({ kind: 'lost', at: clock.now(), reason: 'reconfigured', message: 'the configuration changed' });
      return concat(
        source.pipe(takeUntil(gone.pipe(tap(() => (removed = true))))),
        defer(() => (removed ? of(lostEvent()) : EMPTY)),
      );
    });
}
