import fc from 'fast-check';
import type { Outgoing } from '../../src/push/outgoing';
import { topics, type Topic } from '../../src/push/protocol';
import { Replay } from '../../src/push/replay';

const message = (seq: number, topic: Topic, bytes = 10): Outgoing => ({
  type: topic,
  topic,
  stream: 'a',
  seq,
  run: null,
  frame: null,
  data: new Uint8Array(bytes),
  binary: false,
  publishedAt: 0,
});

describe('what a returning client gets', () => {
  it('is nothing when it missed nothing, and unknown when it knows more than was ever said', () => {
    const replay = new Replay();
    expect(replay.since(0, new Set(topics))).toEqual({ messages: [], expired: null });
    replay.push(message(1, 'run'));
    expect(replay.since(1, new Set(topics))?.messages).toEqual([]);
    expect(replay.since(2, new Set(topics))).toBeNull();
    expect(replay.since(-1, new Set(topics))).toBeNull();
  });

  it('says which pictures are too old to be sent again', () => {
    const replay = new Replay({ pictureBytes: 25, bytes: 1000 });
    for (const [seq, topic] of (['frame', 'run', 'frame', 'frame', 'frame'] as const).entries()) replay.push(message(seq + 1, topic));
    const missed = replay.since(0, new Set(topics));
    expect(missed?.expired).toEqual({ from: 1, to: 3, count: 2 });
    expect(missed?.messages.map(({ seq }) => seq)).toEqual([2, 4, 5]);
    expect(replay.since(0, new Set<Topic>(['run']))).toEqual({ messages: [expect.objectContaining({ seq: 2 })], expired: null });
  });

  it('is complete or known to be incomplete, whatever was kept', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...topics), { minLength: 1, maxLength: 60 }),
        fc.nat(60),
        fc.subarray([...topics]),
        (said, since, wished) => {
          const replay = new Replay({ pictureBytes: 55, bytes: 105 });
          said.forEach((topic, at) => replay.push(message(at + 1, topic)));
          const missed = replay.since(since, new Set(wished));
          const wanted = said
            .map((topic, at) => ({ topic, seq: at + 1 }))
            .filter(({ topic, seq }) => seq > since && wished.includes(topic));
          if (since > said.length) return expect(missed).toBeNull();
          if (!missed) return expect(wanted.filter(({ topic }) => topic !== 'frame').length).toBeGreaterThan(0);
          expect(missed.messages.length + (missed.expired?.count ?? 0)).toBe(wanted.length);
          expect(missed.messages.map(({ seq }) => seq)).toEqual(
            wanted.map(({ seq }) => seq).filter((seq) => missed.messages.some((kept) => kept.seq === seq)),
          );
        },
      ),
    );
  });
});
