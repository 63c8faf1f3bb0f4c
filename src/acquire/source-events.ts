import { catchError, concatMap, defer, EMPTY, type Observable, of, type SchedulerLike, throwError } from 'rxjs';
import type { Clock } from '../core/clock';
import type { ConnectionEvent } from './connection/connection';
import type { Dim } from './connection/dim-pictures';
import type { Lateness } from './connection/lateness';
import { reconnecting } from './connection/reconnect';
import type { Load } from './connection/shed-load';
import type { Silence } from './connection/stall-watch';
import type { ImageFacts } from './ffmpeg/cut-images';
import { outsideText } from './image-area/area-text';
import { passwordsOf, redactSecrets } from './passwords';
import { redactRegions, capturedFrame } from './pixels/captured-frame';
import { Luma } from './pixels/luma';
import { newMemory, type PictureMemory } from './pixels/picture-memory';
import { type LossReason, type Source, SourceError, type SourceEvent } from './source';
import { lossWord, traitsOf } from './source-kinds';
import type { SourceSpec } from './source-spec';

/**
 * Capture times of frames: their arrival, less their lateness and `latencyMs`. With `ownClock` (a recording read faster
 * than real time): their own timestamps, counted from when it was opened. Events between frames are dated alike, so
 * that a latency shifts all times equally. Continues over reconnects and repeats, and never runs backwards.
 */
export function frameTimes(
  ownClock: boolean,
  latencyMs: number,
): {
  readonly open: (at: number) => void;
  readonly next: (image: ImageFacts) => number;
  /** The time of an event between frames, on the same clock. */
  readonly now: (at: number) => number;
} {
  let last = -Infinity;
  let gap = 0;
  let openedAt = 0;
  let first: number | null = null;
  let count = 0;
  let behind = 0;
  const onGlass = (at: number): number => (ownClock ? at : at - behind - latencyMs);

  return {
    open(at) {
      behind = 0;
      openedAt = Math.max(onGlass(at), last + gap);
      first = null;
      count = 0;
    },
    now: (at) => (ownClock && last > -Infinity ? last : Math.max(onGlass(at), last)),
    next({ at, seconds, behindMs }) {
      first ??= seconds;
      behind = behindMs;
      const own = openedAt + (seconds === null || first === null ? count * 40 : (seconds - first) * 1000);
      const time = Math.max(last, ownClock ? own : onGlass(at));
      if (count > 0) gap = time - last;
      count += 1;
      last = time;
      return time;
    },
  };
}

export interface SourceParts {
  readonly clock: Clock;
  readonly streamId: string;
  readonly memory?: PictureMemory | undefined;
  /** The index of the first frame; 0 by default. */
  readonly firstIndex?: number | undefined;
  /** 0…1, as Math.random gives it. */
  readonly random: () => number;
  /** Emits when an unreachable source can be reached again. */
  readonly reachable?: Observable<unknown>;
  readonly scheduler?: SchedulerLike;
}

/** The events of a connection and of the operators that watch it. */
export type WatchedEvent = ConnectionEvent | Dim | Lateness | Load | Silence;

/** Failures that a sound recording may have. */
const transient: ReadonlySet<LossReason> = new Set(['crashed', 'stalled']);

/**
 * Turns successive connections into one source: counts and dates its frames, reports losses, and ends with a recording.
 */
export function sourceEvents(
  spec: SourceSpec,
  connect: () => Observable<WatchedEvent>,
  { clock, streamId, memory = newMemory, firstIndex = 0, random, reachable, scheduler }: SourceParts,
): Source {
  return defer(() => {
    // A server may echo credentials.
    const secrets = passwordsOf(spec);
    const { ownClock, end, server } = traitsOf(spec);
    const times = frameTimes(ownClock, spec.captureLatencyMs);
    let index = firstIndex;
    /** Of the latest frame. A repeat of its picture has the same pixels, which were converted then. */
    let latest: Luma | null = null;
    const prepared = (pixels: Uint8Array, videoRangeBits: number | null, width: number, height: number): Luma => {
      const luma = new Luma(pixels, videoRangeBits, (values, bits) => memory.arithmetic.toFullRange(values, bits));
      if (spec.polarity === 'bright-vessels') memory.arithmetic.invert(luma.full());
      redactRegions(pixels, width, height, spec.redact);
      return luma;
    };
    const at = () => times.now(clock.now());

    const toSourceEvents = (event: WatchedEvent): Observable<SourceEvent> => {
      switch (event.kind) {
        case 'opened':
        case 'tracks':
        case 'disorder':
        case 'interlaced':
          return EMPTY;
        case 'overloaded':
        case 'relieved':
          return of({ kind: event.kind, at: at() });
        case 'dim':
        case 'stalled':
        case 'silent':
        case 'late':
        case 'punctual':
          return of({ ...event, at: at() });
        case 'connected':
          refuseOutside(spec.imageArea, event);
          return of({ ...event, at: at() });
        case 'incomplete':
          return of({ kind: 'dropped', at: at(), reason: 'incomplete', count: event.count });
        case 'damaged':
          return of({ kind: 'dropped', at: times.next(event.image), reason: 'damaged', count: 1 });
        case 'skipped':
          return of({ kind: 'dropped', at: times.next(event.image), reason: 'overload', count: 1 });
        case 'image': {
          const { width, height, pixels, loan, videoRangeBits = null, pixelAspect } = event.image;
          const luma = pixels === latest?.values ? latest : prepared(pixels, videoRangeBits, width, height);
          latest = luma;
          const imageArea = { x: 0, y: 0, width, height };
          const shape = { width, height, pixelAspect, imageArea };
          const facts = { stream: streamId, index: index++, capturedAt: times.next(event.image), ...shape };
          return of({ kind: 'frame', frame: capturedFrame(facts, luma, loan) });
        }
      }
    };

    const withUri = (error: unknown): Observable<never> =>
      throwError(() =>
        error instanceof SourceError
          ? new SourceError(error.code, `${spec.displayUri}: ${redactSecrets(error.message, secrets)}`, { cause: error })
          : error,
      );

    return reconnecting<SourceEvent>(() => connect().pipe(concatMap(toSourceEvents), catchError(withUri)), {
      connecting: (attempt) => {
        times.open(clock.now());
        return { kind: 'connecting', at: at(), attempt };
      },
      isFlowing: (event) => event.kind === 'frame',
      lost: (error) => {
        if (!(error instanceof SourceError) || end === 'over' || (end === 'again' && !transient.has(error.code))) return null;
        return { kind: 'lost', at: at(), reason: error.code, message: error.message, word: lossWord(error, spec) };
      },
      isRefusal: (event) => server !== null && event.kind === 'lost' && event.reason === 'unauthorised',
      completed: () => {
        switch (end) {
          case 'lost':
            return { kind: 'lost', at: at(), reason: 'ended', message: `${spec.displayUri}: the stream ended` };
          case 'over':
            return { kind: 'ended', at: at() };
          case 'again':
            return null;
        }
      },
      isOver: (event) => event.kind === 'ended',
      random,
      ...(reachable ? { retryNow: reachable } : {}),
      ...(scheduler ? { scheduler } : {}),
    });
  });
}

/** Throws if the area lies wholly outside the picture. */
function refuseOutside(area: SourceSpec['imageArea'], picture: { readonly width: number; readonly height: number }): void {
  if (area !== 'auto' && (area.x >= picture.width || area.y >= picture.height))
    throw new SourceError('no-video', outsideText(area, picture));
}
