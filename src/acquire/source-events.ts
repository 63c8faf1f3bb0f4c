import { catchError, concatMap, defer, EMPTY, of, throwError } from 'rxjs';
import type { Observable, SchedulerLike } from 'rxjs';
import { Luma } from './pixels/luma';
import { newMemory, type PictureMemory } from './pixels/picture-memory';
import { outsideText } from './area-words';
import { blank } from './blank';
import { capturedFrame } from './captured-frame';
import type { ConnectionEvent } from './connection';
import type { Dim } from './dim-pictures';
import { frameTimes } from './frame-times';
import type { Lateness } from './late-pictures';
import { lossWord } from './loss-word';
import { passwordsOf, struck } from './passwords';
import { reconnecting } from './reconnect';
import type { Clock, LossReason, Source, SourceEvent } from './source';
import type { Load } from './shed-load';
import { SourceError } from './source-error';
import { traitsOf } from './source-kinds';
import type { SourceSpec } from './source-spec';
import type { Silence } from './stall-watch';

/** What `sourceEvents` depends on. */
export interface SourceParts {
  readonly clock: Clock;
  readonly streamId: string;
  readonly memory?: PictureMemory | undefined;
  /** The number of the first frame; 0 unless given. */
  readonly firstIndex?: number | undefined;
  /** 0…1, as Math.random gives it. */
  readonly random: () => number;
  /** Emits when a source that was away can be reached again. */
  readonly reachable?: Observable<unknown>;
  readonly scheduler?: SchedulerLike;
}

/** What a connection gives, with what a watch over it adds. */
export type WatchedEvent = ConnectionEvent | Dim | Lateness | Load | Silence;

/** What may befall a recording that is fine in itself. */
const passing: ReadonlySet<LossReason> = new Set(['crashed', 'stalled']);

/** Connections one after the other, told as the life of one source: frames counted and dated throughout, losses named, a recording ended. */
export function sourceEvents(
  spec: SourceSpec,
  connect: () => Observable<WatchedEvent>,
  { clock, streamId, memory = newMemory, firstIndex = 0, random, reachable, scheduler }: SourceParts,
): Source {
  return defer(() => {
    // What a server says may hold what it was told.
    const secrets = passwordsOf(spec);
    const { ownClock, end, server } = traitsOf(spec);
    const times = frameTimes(ownClock, spec.captureLatencyMs);
    let index = firstIndex;
    const at = () => times.now(clock.now());

    const told = (event: WatchedEvent): Observable<SourceEvent> => {
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
          const luma = new Luma(pixels, videoRangeBits, (values, bits) => memory.arithmetic.toFullRange(values, bits));
          if (spec.polarity === 'bright-vessels') memory.arithmetic.invert(luma.full());
          blank(pixels, width, height, spec.redact);
          const imageArea = { x: 0, y: 0, width, height };
          const shape = { width, height, pixelAspect, imageArea };
          const facts = { stream: streamId, index: index++, capturedAt: times.next(event.image), ...shape };
          return of({ kind: 'frame', frame: capturedFrame(facts, luma, loan) });
        }
      }
    };

    const named = (error: unknown): Observable<never> =>
      throwError(() =>
        error instanceof SourceError
          ? new SourceError(error.code, `${spec.shown}: ${struck(error.message, secrets)}`, { cause: error })
          : error,
      );

    return reconnecting<SourceEvent>(() => connect().pipe(concatMap(told), catchError(named)), {
      connecting: (attempt) => {
        times.open(clock.now());
        return { kind: 'connecting', at: at(), attempt };
      },
      flows: (event) => event.kind === 'frame',
      lost: (error) => {
        if (!(error instanceof SourceError) || end === 'over' || (end === 'again' && !passing.has(error.code))) return null;
        return { kind: 'lost', at: at(), reason: error.code, message: error.message, word: lossWord(error, spec) };
      },
      refuses: (words) => server !== null && words.kind === 'lost' && words.reason === 'unauthorised',
      completed: () => {
        switch (end) {
          case 'lost':
            return { kind: 'lost', at: at(), reason: 'ended', message: `${spec.shown}: the stream ended` };
          case 'over':
            return { kind: 'ended', at: at() };
          case 'again':
            return null;
        }
      },
      over: (event) => event.kind === 'ended',
      random,
      ...(reachable ? { sooner: reachable } : {}),
      ...(scheduler ? { scheduler } : {}),
    });
  });
}

/** Of such an area nothing can be shown. */
function refuseOutside(area: SourceSpec['imageArea'], picture: { readonly width: number; readonly height: number }): void {
  if (area !== 'auto' && (area.x >= picture.width || area.y >= picture.height))
    throw new SourceError('no-video', outsideText(area, picture));
}
