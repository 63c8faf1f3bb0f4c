import type { Frame } from '../../src/frame';
import { Pictures } from '../../src/push/pictures/pictures.node';
import type { Outgoing } from '../../src/push/websocket/replay';

/** An encoder that finishes on the test's command, for screens of some widths. */
function encoder(watched: readonly number[] = [1]) {
  const widths = new Set(watched);
  const finish: ((bytes: Buffer | Error) => void)[] = [];
  const log: string[] = [];
  const pictures = new Pictures({
    now: () => 0,
    widths: () => widths,
    encode: ({ index, width: captured }, width) => {
      log.push(`encode ${index}${width === captured ? '' : ` as ${width}`}`);
      return new Promise((resolve, reject) => finish.push((bytes) => (bytes instanceof Error ? reject(bytes) : resolve(bytes))));
    },
    onEncoded: ({ frame, run, number }, renditions) => {
      const sizes = [...renditions.keys()];
      log.push(`sent ${frame.index}${sizes.length > 1 ? ` as ${sizes.sort().join(', ')}` : ''}`);
      const of = { type: 'frame', topic: 'frame', stream: 'a', seq: frame.index, run, frame: number } as const;
      return sizes.map((encoded) => ({
        ...{ ...of, widths: { captured: frame.width, encoded }, data: new Uint8Array(), binary: true, publishedAt: 0 },
      }));
    },
    onAdded: (frame, sent, _bytes, encoded) => {
      log.push(`added ${frame.index} as ${encoded}`);
      return { ...sent, widths: { captured: frame.width, encoded } };
    },
    onSkipped: ({ frame }) => log.push(`skipped ${frame.index}`),
    onError: (error) => log.push(String(error)),
  });
  const done = async (bytes: Buffer | Error = Buffer.alloc(1)): Promise<void> => {
    finish.shift()?.(bytes);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { pictures, widths, log, done };
}

const frames: Frame[] = Array.from({ length: 9 }, (_, index) => ({
  stream: 'a',
  index,
  capturedAt: index,
  width: 1,
  height: 1,
  pixels: new Uint8Array(1),
  imageArea: { x: 0, y: 0, width: 1, height: 1 },
}));
const picture = (index: number, needed = false) => ({ frame: frames[index] as Frame, run: 'r1', number: index, needed });

describe('pictures on their way to the screens', () => {
  it('are encoded one after the other; when more than four wait, the oldest is dropped and reported', async () => {
    const { pictures, log, done } = encoder();
    for (const index of [0, 1, 2, 3, 4, 5, 6]) pictures.request(picture(index));
    for (let count = 0; count < 5; count += 1) await done();
    const sent = [3, 4, 5, 6].flatMap((index) => [`encode ${index}`, `sent ${index}`]);
    expect(log).toEqual(['encode 0', 'skipped 1', 'skipped 2', 'sent 0', ...sent]);
  });

  it('are not passed over when they show a key frame', async () => {
    const { pictures, log, done } = encoder();
    pictures.request(picture(0));
    pictures.request(picture(1));
    pictures.request(picture(1, true));
    for (const index of [2, 3, 4, 5, 6]) pictures.request(picture(index));
    for (let count = 0; count < 6; count += 1) await done();
    const sent = [1, 3, 4, 5, 6].flatMap((index) => [`encode ${index}`, `sent ${index}`]);
    expect(log).toEqual(['encode 0', 'skipped 2', 'sent 0', ...sent]);
  });

  it('are encoded once, however often they are requested, and can be requested again afterwards', async () => {
    const { pictures, log, done } = encoder();
    pictures.request(picture(0));
    pictures.request(picture(0, true));
    expect(pictures.messagesOf(frames[0] as Frame)).toEqual([]);
    await done();
    pictures.request(picture(0, true));
    expect(log).toEqual(['encode 0', 'sent 0']);
    expect(pictures.messagesOf(frames[0] as Frame)).toMatchObject<Partial<Outgoing>[]>([{ seq: 0 }]);
  });

  it('are sent once they are there in every size that is watched, also in one requested meanwhile', async () => {
    const { pictures, widths, log, done } = encoder([1, 2]);
    pictures.request(picture(0));
    widths.add(3);
    await done();
    await done();
    expect(log).toEqual(['encode 0', 'encode 0 as 2', 'encode 0 as 3']);
    await done();
    expect(log.at(-1)).toBe('sent 0 as 1, 2, 3');
  });

  it('are not encoded when all screens have left before their turn, and are when one requests them again', async () => {
    const { pictures, widths, log, done } = encoder();
    pictures.request(picture(0));
    pictures.request(picture(1));
    widths.clear();
    await done();
    expect(log).toEqual(['encode 0', 'sent 0']);
    widths.add(1);
    pictures.request(picture(1));
    await done();
    expect(log.slice(2)).toEqual(['encode 1', 'sent 1']);
  });

  it('are made in another size later, once for all requests, and a failure is not waited for twice', async () => {
    const { pictures, log, done } = encoder();
    const frame = frames[0] as Frame;
    expect(pictures.addSize(frame, 2)).toBeNull();
    pictures.request(picture(0));
    await done();
    expect(pictures.addSize(frame, 1)).toBeNull();
    const begun = pictures.addSize(frame, 2);
    expect([begun === null, pictures.addSize(frame, 2) === begun]).toEqual([false, true]);
    await done();
    await begun;
    expect(pictures.messagesOf(frame).map(({ seq, widths }) => [seq, widths?.encoded])).toEqual([[0, 1], [0, 2]]); // prettier-ignore
    const failing = pictures.addSize(frame, 3);
    await done(new Error('no memory'));
    await failing;
    expect([pictures.addSize(frame, 2), pictures.addSize(frame, 3)]).toEqual([null, null]);
    expect(log).toEqual(['encode 0', 'sent 0', 'encode 0 as 2', 'added 0 as 2', 'encode 0 as 3', 'Error: no memory']);
  });

  it('do not stop because one cannot be encoded', async () => {
    const { pictures, log, done } = encoder();
    pictures.request(picture(0));
    pictures.request(picture(1));
    await done(new Error('no memory'));
    await done();
    expect(log).toEqual(['encode 0', 'Error: no memory', 'encode 1', 'sent 1']);
  });
});
