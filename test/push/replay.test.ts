import fc from 'fast-check';
import { topics, type Topic } from '../../src/protocol/messages';
import { type Outgoing, Replay } from '../../src/push/websocket/replay';

const message = (seq: number, topic: Topic, bytes = 10): Outgoing => ({
  type: topic,
  topic,
  stream: 'a',
  seq,
  run: null,
  frame: null,
  widths: null,
  data: new Uint8Array(bytes),
  binary: false,
  publishedAt: 0,
});

/** A picture of 1280 pixels across in one size. */
const picture = (seq: number, encoded: number, bytes = 10): Outgoing => ({
  ...message(seq, 'frame', bytes),
  widths: { captured: 1280, encoded },
});
const widths = (replay: Replay, since: number, maxWidth: number | null) =>
  replay.since(since, new Set(topics), maxWidth)?.messages.map(({ seq, widths }) => [seq, widths?.encoded]);

describe('what a returning client gets', () => {
  it('is nothing when it missed nothing, and unknown when it is ahead of all that was sent', () => {
    const replay = new Replay();
    expect(replay.since(0, new Set(topics))).toEqual({ messages: [], expired: null });
    replay.push(message(1, 'run'));
    expect(replay.since(1, new Set(topics))?.messages).toEqual([]);
    expect(replay.since(2, new Set(topics))).toBeNull();
    expect(replay.since(-1, new Set(topics))).toBeNull();
  });

  it('lists the pictures that are too old to be sent again', () => {
    const replay = new Replay({ pictureBytes: 25, bytes: 1000 });
    for (const [seq, topic] of (['frame', 'run', 'frame', 'frame', 'frame'] as const).entries()) replay.push(message(seq + 1, topic));
    const missed = replay.since(0, new Set(topics));
    expect(missed?.expired).toEqual({ from: 1, to: 3, count: 2 });
    expect(missed?.messages.map(({ seq }) => seq)).toEqual([2, 4, 5]);
    expect(replay.since(0, new Set<Topic>(['run']))).toEqual({ messages: [expect.objectContaining({ seq: 2 })], expired: null });
  });

  it('has of each picture the widest that fits, also one made later, and the full size where that is requested', () => {
    const replay = new Replay();
    for (const one of [picture(1, 320), picture(1, 640), picture(1, 1280), picture(2, 320), picture(2, 1280), picture(3, 320)])
      replay.push(one);
    expect(widths(replay, 0, 640)).toEqual([[1, 640], [2, 320], [3, 320]]); // prettier-ignore
    expect(widths(replay, 0, null)).toEqual([[1, 1280], [2, 1280]]); // prettier-ignore
    expect(replay.since(0, new Set(topics), null)?.expired).toEqual({ from: 3, to: 3, count: 1 });
    expect(widths(replay, 0, 160)).toEqual([]);
    expect(replay.since(0, new Set(topics), 160)?.expired).toEqual({ from: 1, to: 3, count: 3 });
    replay.push(message(4, 'run'));
    replay.add(picture(3, 160));
    expect(widths(replay, 0, 160)).toEqual([[3, 160], [4, undefined]]); // prettier-ignore
  });

  it('keeps pictures of all sizes within one bound, and counts each as gone once, for who cannot use what is left of it', () => {
    const replay = new Replay({ pictureBytes: 35, bytes: 1000 });
    for (const seq of [1, 2]) for (const width of [320, 1280]) replay.push(picture(seq, width));
    expect(replay.since(0, new Set(topics), 320)).toMatchObject({ messages: [{ seq: 2 }], expired: { from: 1, to: 1, count: 1 } });
    expect(replay.since(0, new Set(topics), null)).toMatchObject({ messages: [{ seq: 1 }, { seq: 2 }], expired: null });
    replay.add(picture(2, 640));
    expect(replay.since(0, new Set(topics), null)).toMatchObject({ messages: [{ seq: 2 }], expired: { from: 1, to: 1, count: 1 } });
    replay.add(picture(1, 640));
    expect(widths(replay, 0, 640)).toEqual([[2, 640]]);
  });

  it('is complete or marked as incomplete, whatever was kept', () => {
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
