import { probeText } from '../../src/cli/probe-text';
import type { ImageArea } from '../../src/frame';

const looked = (
  size: { width: number; height: number; pixelAspect: number },
  uniqueAt: readonly number[] = [],
  found: ImageArea | null = null,
) =>
  probeText({
    ...{ shown: 'a.mp4', ffmpeg: { path: 'ffmpeg', origin: 'PATH', version: '7.1' }, uniqueAt, refusal: null },
    report: {
      picture: {
        codec: 'h264',
        ...size,
        frames: 9,
        captureRateHz: 25,
        imageArea: { x: 0, y: 0, ...size },
        found,
        tracks: null,
        firstPictureMs: 9,
      },
      problem: null,
    },
  });

it('shows the rate of acquisitions, whatever the capture rate', () => {
  // 7.5 acquisitions a second at 25 pictures a second, after a hold.
  const uniqueAt = [0, 5000, 5120, 5240, 5400, 5520, 5640, 5800, 5920, 6040, 6200];
  expect(looked({ width: 4, height: 3, pixelAspect: 1 }, uniqueAt)).toMatch(/^acquisition rate +7\.50 a second$/m);
  expect(looked({ width: 4, height: 3, pixelAspect: 1 }, [0, 5000])).toContain('unknown: the image stood still');
});

it.each([
  [{ width: 640, height: 800, pixelAspect: 2 }, '640 × 800, shown as 1280 × 800: a pixel is 2 times as wide as high'],
  [{ width: 1440, height: 1080, pixelAspect: 4 / 3 }, '1440 × 1080, shown as 1920 × 1080: a pixel is 1.333 times as wide as high'],
  [{ width: 720, height: 480, pixelAspect: 8 / 9 }, '720 × 480, shown as 720 × 540: a pixel is 0.889 times as wide as high'],
  [{ width: 1280, height: 800, pixelAspect: 1 }, '1280 × 800'],
])('shows the shape of pixels that are not square, and the size in square ones', (size, words) => {
  expect(looked(size)).toMatch(new RegExp(`^size +${words}$`, 'm'));
});

it('shows the options for both planes, or what is wrong with a given image area', () => {
  const size = { width: 1280, height: 720, pixelAspect: 1 };
  const [left, right] = [
    { x: 10, y: 60, width: 600, height: 600 },
    { x: 640, y: 60, width: 610, height: 600 },
  ];
  const found = { area: left, settled: true, planes: [right, left], hint: 'one of two is taken', still: false };
  expect(looked(size, [], found)).toMatch(
    /^plane 1 +plane=1, or imageArea=10,60,600,600\nplane 2 +plane=2, or imageArea=640,60,610,600\nnote +one of two is taken$/m,
  );
  const still = looked(size, [], { ...found, hint: 'it stands still', still: true });
  expect(still).toMatch(/^note +it stands still$/m);
  expect(still).not.toContain('plane');
});
