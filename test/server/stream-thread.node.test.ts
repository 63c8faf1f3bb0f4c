import { EventEmitter } from 'node:events';
import { Subject, take, toArray } from 'rxjs';
import { parseSource } from '../../src/acquire/source-uri';
import type { ClassifiedFrame } from '../../src/acquisitions/classified-frame';
import { streamThread } from '../../src/server/stream-thread.node';
import type { SentFrame, StreamMessage } from '../../src/server/stream-worker.node';

/** Threads that post what the test gives them. */
class FakeWorker extends EventEmitter {
  readonly postMessage = (): void => void setImmediate(() => this.emit('exit', 0));
  readonly terminate = (): void => undefined;

  constructor() {
    super();
    started.next(this);
  }

  send(captured: number, ...frames: SentFrame[]): void {
    this.emit('message', { kind: 'classified', captured, frames } satisfies StreamMessage);
  }
}
const started = new Subject<FakeWorker>();
jest.mock('node:worker_threads', () => ({
  get Worker() {
    return FakeWorker;
  },
}));

const repeated = (index: number): SentFrame => ({
  kind: 'repeated',
  frame: { stream: 'a', index, capturedAt: index, width: 4, height: 3, imageArea: { x: 0, y: 0, width: 4, height: 3 } },
  alive: true,
});

it('drops the frames whose fate a dying thread had not decided, and replaces the thread', async () => {
  let captured = 0;
  const threads: FakeWorker[] = [];
  started.subscribe((worker) => {
    threads.push(worker);
    // Of six captured frames, three are undecided when the thread ends.
    if (threads.length === 1) setImmediate(() => (worker.send(6, repeated(0), repeated(1), dropped(1)), worker.emit('exit', 1)));
    else setImmediate(() => (worker.send(1, repeated(3)), worker.emit('message', { kind: 'completed' })));
  });
  const dropped = (count: number): SentFrame => ({ kind: 'dropped', at: 1, reason: 'overload', count });
  const events = await new Promise<ClassifiedFrame[]>((resolve, reject) =>
    streamThread({
      ...{ stream: 'a', spec: parseSource('phantom:'), clock: { now: () => 7 } },
      ffmpeg: { path: 'ffmpeg', origin: 'system', capabilities: null } as never,
      onCaptured: (count) => (captured += count),
      onHardwareRefusal: () => undefined,
    })
      .pipe(take(6), toArray())
      .subscribe({ next: resolve, error: reject }),
  );
  expect(captured).toBe(7);
  expect(events.map((event) => [event.kind, event.kind === 'dropped' ? `${event.reason} ${event.count}` : ''])).toEqual([
    ['repeated', ''],
    ['repeated', ''],
    ['dropped', 'overload 1'],
    ['dropped', 'incomplete 3'],
    ['lost', ''],
    ['repeated', ''],
  ]);
});
