import type { Frame } from '../../src/frame';
import type { Outgoing } from '../../src/push/outgoing';
import { Pictures } from '../../src/push/pictures.node';

/** An encoder that finishes when the test says so. */
function encoder() {
  const finish: ((bytes: Buffer | Error) => void)[] = [];
  const log: string[] = [];
  const pictures = new Pictures({
    now: () => 0,
    encode: ({ index }) => {
      log.push(`encode ${index}`);
      return new Promise((resolve, reject) => finish.push((bytes) => (bytes instanceof Error ? reject(bytes) : resolve(bytes))));
    },
    encoded: ({ frame, run, number }) => {
      log.push(`sent ${frame.index}`);
      const data = new Uint8Array();
      return { type: 'frame', topic: 'frame', stream: 'a', seq: frame.index, run, frame: number, data, binary: true, publishedAt: 0 };
    },
    skipped: ({ frame }) => log.push(`skipped ${frame.index}`),
    failed: (error) => log.push(String(error)),
  });
  const done = async (bytes: Buffer | Error = Buffer.alloc(1)): Promise<void> => {
    finish.shift()?.(bytes);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { pictures, log, done };
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
  it('are encoded one after the other; when more than four wait the oldest gives way, and that is told', async () => {
    const { pictures, log, done } = encoder();
    for (const index of [0, 1, 2, 3, 4, 5, 6]) pictures.want(picture(index));
    for (let count = 0; count < 5; count += 1) await done();
    const sent = [3, 4, 5, 6].flatMap((index) => [`encode ${index}`, `sent ${index}`]);
    expect(log).toEqual(['encode 0', 'skipped 1', 'skipped 2', 'sent 0', ...sent]);
  });

  it('are not passed over when they show a key frame', async () => {
    const { pictures, log, done } = encoder();
    pictures.want(picture(0));
    pictures.want(picture(1));
    pictures.want(picture(1, true));
    for (const index of [2, 3, 4, 5, 6]) pictures.want(picture(index));
    for (let count = 0; count < 6; count += 1) await done();
    const sent = [1, 3, 4, 5, 6].flatMap((index) => [`encode ${index}`, `sent ${index}`]);
    expect(log).toEqual(['encode 0', 'skipped 2', 'sent 0', ...sent]);
  });

  it('are encoded once, however often they are wanted, and can be asked for again afterwards', async () => {
    const { pictures, log, done } = encoder();
    pictures.want(picture(0));
    pictures.want(picture(0, true));
    expect(pictures.sent(frames[0] as Frame)).toBeUndefined();
    await done();
    pictures.want(picture(0, true));
    expect(log).toEqual(['encode 0', 'sent 0']);
    expect(pictures.sent(frames[0] as Frame)).toMatchObject<Partial<Outgoing>>({ seq: 0 });
  });

  it('do not stop because one cannot be encoded', async () => {
    const { pictures, log, done } = encoder();
    pictures.want(picture(0));
    pictures.want(picture(1));
    await done(new Error('no memory'));
    await done();
    expect(log).toEqual(['encode 0', 'Error: no memory', 'encode 1', 'sent 1']);
  });
});
