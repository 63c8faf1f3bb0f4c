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

/** Any frame of the window may be declared the key frame when the next acquisition arrives. */
const RECENT_FRAMES = KEY_FRAME_WINDOW + 1;
/**
 * The recent frames, pictures waiting to be encoded, those on their way between the threads, and those that the
 * stream's own thread reads and compares.
 */
const SLOTS = RECENT_FRAMES + 5 + 6 + 7;
/** Time for a thread to end its ffmpeg, before it is terminated. */
const CLOSE_TIMEOUT_MS = 1500;
/** Delay before a thread that died is replaced. */
const RESTART_MS = 500;

export interface StreamThreadOptions {
  readonly stream: string;
  readonly spec: SourceSpec;
  readonly ffmpeg: Ffmpeg;
  readonly clock: Clock;
  /** Called with the number of frames captured since the last call. */
  readonly onCaptured: (count: number) => void;
  readonly onHardwareRefusal: (refusal: HardwareRefusal) => void;
  /** Holds all events back until it settles; meanwhile the thread reads ahead as far as its memory allows. */
  readonly after?: Promise<unknown> | undefined;
}

/**
 * The classified frames of a source, which is read, averaged and compared in a thread of its own. Cold: subscribing
 * starts thread and ffmpeg, unsubscribing ends both. A thread that dies causes a `lost` event and is replaced. The
 * latest 16 acquisitions have their pixels; earlier ones only while held, or once kept. Errors with a SourceError if
 * the source cannot be read.
 */
export const streamThread = (options: StreamThreadOptions): Observable<ClassifiedFrame> =>
  defer(() => {
    let firstIndex = 0;
    /** A replacement opens the source anew, and continues the frame indices. */
    const supervised = (): Observable<ClassifiedFrame> =>
      thread(options, firstIndex).pipe(
        tap((event) => (firstIndex = Math.max(firstIndex, 1 + indexOf(event)))),
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
    /** Captured frames whose fate was not decided yet. */
    readonly undecided: number,
  ) {
    super(message);
  }
}

const indexOf = (event: ClassifiedFrame): number => {
  if (event.kind === 'unique') return event.acquisition.frame.index;
  return isWithoutAcquisition(event) ? event.frame.index : -1;
};

/** One thread. Errors with a ThreadError if it dies, and like its source if that fails. */
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

    const toClassified = (sent: SentFrame): ClassifiedFrame => {
      if (sent.kind === 'reframed') return reframed(sent, recentFrames);
      if (sent.kind !== 'unique') return sent;
      const { facts, pixels, slot, acquiredAt, analysis, difference } = sent;
      const frame = new LentFrame(facts, pixels, holders.loan(slot));
      recentFrames.push(frame);
      if (recentFrames.length > RECENT_FRAMES) recentFrames.shift()?.release();
      return { kind: 'unique', acquisition: { frame, acquiredAt, analysis }, difference };
    };
    const receive = (message: StreamMessage): void => {
      switch (message.kind) {
        case 'classified':
          // Closed: what the thread still sends is ignored.
          if (subscriber.closed) return;
          if (message.captured > 0) onCaptured(message.captured);
          undecided += message.captured - decidedFrames(message.frames);
          return message.frames.forEach((frame) => subscriber.next(toClassified(frame)));
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
      const actions = deferred ?? [];
      deferred = null;
      for (const action of actions) action();
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

/** Leaves out acquisitions that are no longer among the recent frames. */
function reframed(
  { at, imageArea, acquisitions }: Extract<SentFrame, { kind: 'reframed' }>,
  recent: readonly LentFrame[],
): ClassifiedFrame {
  return {
    kind: 'reframed',
    at,
    acquisitions: acquisitions.flatMap(({ index, ...rest }) => {
      const frame = recent.find((each) => each.index === index);
      if (!frame) return [];
      frame.imageArea = imageArea;
      return [{ frame, ...rest }];
    }),
  };
}

/** The processes that each thread started. When the program exits, its threads have no time to end them. */
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
      // It has ended already.
    }
  }
}
