import { concat, defer, EMPTY, type Observable, of, takeUntil, tap } from 'rxjs';
import type { Clock } from '../core/clock';
import { escapeLine } from '../core/log-text';
import type { Frame, ImageArea } from '../frame';
import type { Tracks } from './ffmpeg/tracks';

/** Why a connection to a source ended; the `reason` label of `reconnects_total`. */
export type LossReason = 'refused' | 'unauthorised' | 'not-found' | 'no-video' | 'ended' | 'stalled' | 'late' | 'crashed' | 'reconfigured';

/** The words of the contract for why a stream has no pictures, where they fit. */
export type LossWord = 'no such device' | 'refused' | 'unauthorised' | 'not found';

/** Why a connection was made anew at once: its pictures came as they are coded, or were of two fields each. */
export type ReopenReason = 'in-order' | 'deinterlaced';

/** What a source says while it is subscribed to. Reconnecting happens inside: a source errors only when trying again is pointless. */
export type SourceEvent =
  /** Trying to reach the source; attempt counts from 1 and starts anew once pictures arrive. */
  | { readonly kind: 'connecting'; readonly at: number; readonly attempt: number }
  /** Pictures flow: size and codec are known; comes before the first `frame` of a connection. */
  | {
      readonly kind: 'connected';
      readonly at: number;
      readonly width: number;
      readonly height: number;
      readonly codec: string;
      /** It has several videos. */
      readonly tracks?: Tracks;
      /** The source is opened in this way from now on; told once. */
      readonly reopenedFor?: readonly ReopenReason[];
    }
  | { readonly kind: 'frame'; readonly frame: Frame }
  /** What is known of the image area from the next frame on; told where it is looked for, each time it is another one. */
  | { readonly kind: 'area'; readonly at: number; readonly found: ImageArea }
  /** Captured frames that were not handed on. */
  | { readonly kind: 'dropped'; readonly at: number; readonly reason: string; readonly count: number }
  /** The connection stands, but no picture has come for a while; the next `frame` ends it. `packets`: something comes, but no picture has come of it yet. */
  | { readonly kind: 'stalled'; readonly at: number; readonly packets?: true }
  /** Time passes without a picture, told again and again. `waits`: none is due, a recording goes on later. */
  | { readonly kind: 'silent'; readonly at: number; readonly waits: boolean }
  /** Pictures come, but later than they should: what they show is old. `punctual`, or another connection, ends it. */
  | { readonly kind: 'late'; readonly at: number; readonly behindMs: number }
  | { readonly kind: 'punctual'; readonly at: number }
  /** This machine cannot look at every picture: some are dropped as `overload`. `relieved`, or another connection, ends it. */
  | { readonly kind: 'overloaded'; readonly at: number }
  | { readonly kind: 'relieved'; readonly at: number }
  /** Its pictures are nearly black: their samples have `bits` bits and use the lower ones, `used`, alone. */
  | { readonly kind: 'dim'; readonly at: number; readonly bits: number; readonly used: number }
  /** The connection is gone; `connecting` follows. `message` is one line without credentials. */
  | {
      readonly kind: 'lost';
      readonly at: number;
      readonly reason: LossReason;
      readonly message: string;
      readonly word?: LossWord | undefined;
    }
  /** A recording is over; the source completes. `message`: it cannot be read, ever, and why. */
  | { readonly kind: 'ended'; readonly at: number; readonly message?: string; readonly word?: LossWord | undefined };

/** A place that frames come from. Cold: subscribing opens it, unsubscribing closes it and leaves no process behind. */
export type Source = Observable<SourceEvent>;

/** Why there are no pictures (any more). The message is one line without credentials. */
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
 * A source until its stream is removed or given another source: then it is closed, and its last word is `lost`, so that its run ends, its mask becomes
 * history and every frame gets its fate.
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
