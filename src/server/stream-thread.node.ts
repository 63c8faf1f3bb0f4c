import { Worker } from 'node:worker_threads';
import { catchError, concat, defer, Observable, of, switchMap, tap, throwError, timer } from 'rxjs';
import type { Ffmpeg } from '../acquire/ffmpeg/binary.node';
import type { HardwareRefusal } from '../acquire/ffmpeg/hardware-decoding';
import { LentFrame, SlotHolders } from '../acquire/pixels/slot-holders';
import { SourceError } from '../acquire/source';
import type { SourceSpec } from '../acquire/source-spec';
import { isWithoutAcquisition, type ClassifiedFrame } from '../acquisitions/classified-frame';
import type { Clock } from '../core/clock';
import { monotonicMs } from '../core/clock.node';
import { builtFile } from '../core/package.node';
import { KEY_FRAME_WINDOW } from '../detect/select-key-frame';
import { decidedFrames } from '../measure/ledger';
import { CLOSE, type SentFrame, type StreamMessage, type StreamWorkerData } from './stream-worker.node';

/** Any of the window may be declared when the next acquisition comes. */
const RECENT_FRAMES = KEY_FRAME_WINDOW + 1;
/**
 * The shelf, pictures that wait to be encoded, what is on its way between the threads, and what the stream's own thread
 * works on and compares with.
 */
const SLOTS = RECENT_FRAMES + 5 + 6 + 6;
/** How long a thread may take to end its ffmpeg. */
const CLOSE_TIMEOUT_MS = 1500;
/** Before another thread is started for one that died. */
const RESTART_MS = 500;

export interface StreamThreadOptions {
  readonly stream: string;
  readonly spec: SourceSpec;
  readonly ffmpeg: Ffmpeg;
  readonly clock: Clock;
  /** Told how many more frames were captured. */
  readonly onCaptured: (count: number) => void;
  readonly onHardwareRefusal: (refusal: HardwareRefusal) => void;
  /** Nothing is told before; the thread works ahead meanwhile, as far as its memory goes. */
  readonly after?: Promise<unknown> | undefined;
}

/**
 * What a source's frames turn out to be, found in a thread of its own: reading, averaging and comparing take no time of
 * this one. Cold: subscribing starts thread and ffmpeg, unsubscribing ends both. A thread that dies is told as `lost`,
 * and another one takes its place. The latest 16 acquisitions have their pixels; earlier ones if somebody holds or
 * keeps them.
 */
export const streamThread = (options: StreamThreadOptions): Observable<ClassifiedFrame> =>
  defer(() => {
    let firstIndex = 0;
    /** A thread that died takes its connection along; another one opens the source anew. */
    const supervised = (): Observable<ClassifiedFrame> =>
      thread(options, firstIndex).pipe(
        tap((frame) => (firstIndex = Math.max(firstIndex, 1 + indexOf(frame)))),
        catchError((error: unknown) => {
          if (!(error instanceof ThreadError)) return throwError(() => error);
          const at = options.clock.now();
          const lost: ClassifiedFrame = { kind: 'lost', at, reason: 'crashed', message: error.message };
          const dropped: ClassifiedFrame = { kind: 'dropped', at, reason: 'incomplete', count: error.undecided };
          return concat(error.undecided > 0 ? of(dropped, lost) : of(lost), timer(RESTART_MS).pipe(switchMap(supervised)));
        }),
      );
    return supervised();
  });

class ThreadError extends Error {
  constructor(
    message: string,
    /** Captured frames whose fate the thread took along. */
    readonly undecided: number,
  ) {
    super(message);
  }
}

const indexOf = (sighting: ClassifiedFrame): number => {
  if (sighting.kind === 'unique') return sighting.acquisition.frame.index;
  return isWithoutAcquisition(sighting) ? sighting.frame.index : -1;
};

/** One thread. Errors with ThreadError when it ends for no reason of its source's. */
const thread = (
  { stream, spec, ffmpeg, clock, onCaptured, onHardwareRefusal, after }: StreamThreadOptions,
  firstIndex: number,
): Observable<ClassifiedFrame> =>
  new Observable((subscriber) => {
    const holders = new SlotHolders(SLOTS);
    const clockOffsetMs = clock.now() - monotonicMs();
    const data: StreamWorkerData = { stream, spec, ffmpeg, clockOffsetMs, firstIndex, holders: holders.counts };
    const worker = new Worker(builtFile('server/stream-worker.node.js'), { workerData: data, name: `stream ${stream}` });
    const recentFrames: LentFrame[] = [];
    let undecided = 0;
    const children = childrenOfThread();

    const toClassified = (sighting: SentFrame): ClassifiedFrame => {
      if (sighting.kind === 'reframed') return reframed(sighting, recentFrames);
      if (sighting.kind !== 'unique') return sighting;
      const { facts, pixels, slot, acquiredAt, analysis, difference } = sighting;
      const frame = new LentFrame(facts, pixels, holders.loan(slot));
      recentFrames.push(frame);
      if (recentFrames.length > RECENT_FRAMES) recentFrames.shift()?.release();
      return { kind: 'unique', acquisition: { frame, acquiredAt, analysis }, difference };
    };
    const receive = (message: StreamMessage): void => {
      switch (message.kind) {
        case 'sightings':
          // What still comes of a stream that is gone counts for nothing.
          if (subscriber.closed) return;
          if (message.captured > 0) onCaptured(message.captured);
          undecided += message.captured - decidedFrames(message.sightings);
          return message.sightings.forEach((sighting) => subscriber.next(toClassified(sighting)));
        case 'child':
          if (message.alive) children.add(message.pid);
          else children.delete(message.pid);
          return;
        case 'hardware-refused':
          return onHardwareRefusal(message.refusal);
        case 'completed':
          return subscriber.complete();
        case 'failed': {
          const { reason, message: why } = message;
          return subscriber.error(reason === null ? new Error(why) : new SourceError(reason, why));
        }
      }
    };
    let deferred: (() => void)[] | null = after ? [] : null;
    const deliver = (action: () => void): void => void (deferred ? deferred.push(action) : action());
    const deliverDeferred = (): void => {
      const told = deferred ?? [];
      deferred = null;
      for (const tell of told) tell();
    };
    after?.then(deliverDeferred, deliverDeferred);
    worker.on('message', (message: StreamMessage) => deliver(() => receive(message)));
    worker.on('error', ({ message }) =>
      deliver(() => subscriber.error(new ThreadError(`the thread of stream ${stream} failed: ${message}`, undecided))),
    );
    worker.on('exit', (code) => {
      killAll(children);
      childrenByThread.delete(children);
      deliver(() => subscriber.error(new ThreadError(`the thread of stream ${stream} ended with code ${code}`, undecided)));
    });
    return () => {
      holders.close();
      worker.postMessage(CLOSE);
      const lastResort = setTimeout(() => void worker.terminate(), CLOSE_TIMEOUT_MS);
      worker.once('exit', () => clearTimeout(lastResort));
    };
  });

/** Those of which the picture is still there. */
function reframed({ at, imageArea, acquisitions }: Extract<SentFrame, { kind: 'reframed' }>, shelf: readonly LentFrame[]): ClassifiedFrame {
  return {
    kind: 'reframed',
    at,
    acquisitions: acquisitions.flatMap(({ index, ...rest }) => {
      const frame = shelf.find((each) => each.index === index);
      if (!frame) return [];
      frame.imageArea = imageArea;
      return [{ frame, ...rest }];
    }),
  };
}

/** The processes that each thread started. Threads end with the program, and cannot end theirs then. */
const childrenByThread = new Set<ReadonlySet<number>>();
const killAllChildren = (): void => childrenByThread.forEach(killAll);

function childrenOfThread(): Set<number> {
  const children = new Set<number>();
  if (childrenByThread.size === 0) process.off('exit', killAllChildren).on('exit', killAllChildren);
  childrenByThread.add(children);
  return children;
}

function killAll(pids: ReadonlySet<number>): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It was faster.
    }
  }
}
