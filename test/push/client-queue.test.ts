import fc from 'fast-check';
import { topics, type Topic } from '../../src/protocol/messages';
import { ClientQueue, type QueueLimits, type QueueItem } from '../../src/push/websocket/client-queue';
import type { Outgoing } from '../../src/push/websocket/replay';

const limits: QueueLimits = { frames: 2, stability: 3, messages: 8, bytes: 1000 };

function message(seq: number, topic: Topic, bytes = 10, stream = 'a', facts: Partial<Outgoing> = {}): Outgoing {
  const of = { type: topic, topic, stream, seq, run: 'r1', frame: seq, widths: null };
  return { ...of, data: new Uint8Array(bytes), binary: false, publishedAt: 0, ...facts };
}

function drain(queue: ClientQueue): QueueItem[] {
  const taken: QueueItem[] = [];
  for (let next = queue.take(); next; next = queue.take()) taken.push(next);
  return taken;
}

const short = (taken: QueueItem): string => {
  switch (taken.kind) {
    case 'message':
      return `${taken.message.topic} ${taken.message.seq}`;
    case 'loss':
      return `lost ${taken.loss.count} ${taken.loss.topic} ${taken.loss.from}-${taken.loss.to} ${taken.loss.reason}`;
    case 'snapshot':
      return `snapshot ${taken.stream}`;
  }
};

describe('what waits for a client', () => {
  it('leaves in the order it came when the client keeps up', () => {
    const queue = new ClientQueue(limits);
    for (const [at, topic] of topics.entries()) queue.offer(message(at + 1, topic));
    expect(drain(queue).map(short)).toEqual(topics.map((topic, at) => `${topic} ${at + 1}`));
    expect(queue.bytes).toBe(0);
  });

  it('keeps the newest pictures and reports the dropped ones in their place', () => {
    const queue = new ClientQueue(limits);
    queue.offer(message(1, 'run'));
    for (const seq of [2, 3, 5, 6]) queue.offer(message(seq, 'frame'));
    expect(drain(queue).map(short)).toEqual(['run 1', 'lost 2 frame 2-3 slow-client', 'frame 5', 'frame 6']);
  });

  it('does not count the age of what was requested again', () => {
    const queue = new ClientQueue(limits);
    for (const seq of [1, 2, 3, 4]) queue.offer(message(seq, 'frame'), true);
    queue.offer(message(5, 'frame'));
    expect(drain(queue).map(short)).toEqual([1, 2, 3, 4, 5].map((seq) => `frame ${seq}`));
  });

  it('lets pictures and stability go before anything that matters', () => {
    const queue = new ClientQueue(limits);
    queue.offer(message(1, 'frame', 400));
    queue.offer(message(2, 'stability', 50));
    queue.offer(message(3, 'mask', 500));
    queue.offer(message(4, 'keyframe', 60));
    queue.offer(message(5, 'run', 410));
    expect(drain(queue).map(short)).toEqual([
      'lost 1 frame 1-1 slow-client',
      'lost 1 stability 2-2 slow-client',
      'mask 3',
      'keyframe 4',
      'run 5',
    ]);
  });

  it('lets a mask go first that a later one replaced or that is history', () => {
    const queue = new ClientQueue(limits);
    queue.offer(message(1, 'run', 10));
    queue.offer(message(2, 'mask', 600));
    queue.offer(message(3, 'mask', 20, 'a', { type: 'invalid', frame: 2 }));
    queue.offer(message(4, 'mask', 600));
    expect(drain(queue).map(short)).toEqual(['run 1', 'lost 1 mask 2-2 superseded', 'mask 3', 'mask 4']);
  });

  it('restarts a stream with a snapshot when even what matters does not fit, and leaves the other streams alone', () => {
    const queue = new ClientQueue(limits);
    queue.offer(message(1, 'run', 10, 'b'));
    for (let seq = 1; seq <= 9; seq += 1) queue.offer(message(seq, seq % 2 ? 'run' : 'keyframe', 10));
    queue.offer(message(10, 'mask', 10));
    expect(drain(queue).map(short)).toEqual([
      'lost 4 keyframe 2-8 overflow',
      'lost 5 run 1-9 overflow',
      'lost 1 mask 10-10 overflow',
      'snapshot a',
      'run 1',
    ]);
  });

  it('drops everything when the client changes its subscription', () => {
    const queue = new ClientQueue(limits);
    for (const seq of [1, 2, 3, 4]) queue.offer(message(seq, 'frame'));
    queue.clear();
    expect(drain(queue)).toEqual([]);
    expect(queue.bytes).toBe(0);
  });

  it('is bounded, loses nothing silently, keeps what matters or restarts, and lets seq rise, whatever comes when', () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          topic: fc.constantFrom(...topics),
          stream: fc.constantFrom('a' as const, 'b' as const),
          bytes: fc.integer({ min: 1, max: 400 }),
        }),
      },
      { weight: 1, arbitrary: fc.constant('take' as const) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        let dropped = 0;
        const queue = new ClientQueue(limits, () => (dropped += 1));
        const seqs = { a: 0, b: 0 };
        const taken: QueueItem[] = [];
        for (const said of steps) {
          if (said === 'take') {
            const next = queue.take();
            if (next) taken.push(next);
            continue;
          }
          const { stream } = said;
          seqs[stream] += 1;
          queue.offer(message(seqs[stream], said.topic, said.bytes, stream));
          expect(queue.length).toBeLessThanOrEqual(limits.messages);
          expect(queue.bytes).toBeLessThanOrEqual(Math.max(limits.bytes, 400));
        }
        taken.push(...drain(queue));
        for (const stream of ['a', 'b'] as const) {
          const mine = taken.filter((next) => (next.kind === 'message' ? next.message.stream : next.stream) === stream);
          const delivered = mine.filter((next) => next.kind === 'message').length;
          const lost = mine.reduce((sum, next) => sum + (next.kind === 'loss' ? next.loss.count : 0), 0);
          expect(delivered + lost).toBe(seqs[stream]);
          const numbers = mine.flatMap((next) =>
            next.kind === 'message' ? [next.message.seq] : next.kind === 'loss' ? [next.loss.to] : [],
          );
          expect(numbers).toEqual([...new Set(numbers)].sort((x, y) => x - y));
          mine.forEach((next, at) => {
            const vital = next.kind === 'loss' && !['frame', 'stability'].includes(next.loss.topic) && next.loss.reason !== 'superseded';
            if (vital) expect(mine.slice(at).some(({ kind }) => kind === 'snapshot')).toBe(true);
          });
        }
        expect(taken.reduce((sum, next) => sum + (next.kind === 'loss' ? next.loss.count : 0), 0)).toBe(dropped);
      }),
      { numRuns: 300 },
    );
  });
});
