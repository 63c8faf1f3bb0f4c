import { MONITOR_HEIGHT, MONITOR_IMAGE_AREA, MONITOR_WIDTH } from '../../src/phantom/feed/monitor';
import { phantomSuite, type ShownPicture } from '../../src/phantom/feed/suite';

jest.setTimeout(60_000);

const take = (count: number, seed = 5): ShownPicture[] => {
  const suite = phantomSuite({ seed, rateHz: 4 });
  return Array.from({ length: count }, () => suite.next().value);
};

describe('phantomSuite', () => {
  it('shows a dark monitor, then a run, image by image', () => {
    const [idle, first, second] = take(3);
    expect(idle).toMatchObject({ kind: 'idle', patient: 0, acquisition: null, seconds: 2 });
    expect(first).toMatchObject({ kind: 'acquisition', patient: 0, acquisition: 0, seconds: 0.25 });
    expect(second).toMatchObject({ kind: 'acquisition', patient: 0, acquisition: 1 });
  });

  it('holds the last image after the run, then goes on with the next patient', () => {
    const suite = phantomSuite({ seed: 5, rateHz: 4 });
    let showing = suite.next().value;
    let before = showing;
    while (showing.kind !== 'hold') {
      before = showing;
      showing = suite.next().value;
    }
    expect(showing.seconds).toBeGreaterThanOrEqual(3);
    expect(Buffer.compare(imageOf(showing), imageOf(before))).toBe(0);
    expect(suite.next().value).toMatchObject({ kind: 'idle', patient: 1 });
  });

  it('writes only outside the image area', () => {
    const [idle] = take(1);
    expect(imageOf(idle!).every((grey) => grey === 0)).toBe(true);
    expect(idle!.pixels.length).toBe(MONITOR_WIDTH * MONITOR_HEIGHT);
    expect(idle!.pixels.some((grey) => grey > 200)).toBe(true);
  });
});

function imageOf({ pixels }: ShownPicture): Uint8Array {
  const { x, y, width, height } = MONITOR_IMAGE_AREA;
  const image = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const start = (y + row) * MONITOR_WIDTH + x;
    image.set(pixels.subarray(start, start + width), row * width);
  }
  return image;
}
