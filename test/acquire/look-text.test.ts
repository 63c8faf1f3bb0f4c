import { lookText } from '../../src/look-text';

const looked = (size: { width: number; height: number; pixelAspect: number }) =>
  lookText({
    ...{ shown: 'a.mp4', ffmpeg: { path: 'ffmpeg', origin: 'PATH', version: '7.1' }, uniqueAt: [], refusal: null },
    report: {
      picture: { codec: 'h264', ...size, frames: 9, captureRateHz: 25, imageArea: { x: 0, y: 0, ...size }, firstPictureMs: 9 },
      trouble: null,
    },
  });

it.each([
  [{ width: 640, height: 800, pixelAspect: 2 }, '640 × 800, shown as 1280 × 800: a pixel is 2 times as wide as high'],
  [{ width: 1440, height: 1080, pixelAspect: 4 / 3 }, '1440 × 1080, shown as 1920 × 1080: a pixel is 1.333 times as wide as high'],
  [{ width: 720, height: 480, pixelAspect: 8 / 9 }, '720 × 480, shown as 720 × 540: a pixel is 0.889 times as wide as high'],
  [{ width: 1280, height: 800, pixelAspect: 1 }, '1280 × 800'],
])('tells of pixels that are not square, and of the shape that the picture is shown in', (size, words) => {
  expect(looked(size)).toMatch(new RegExp(`^size +${words}$`, 'm'));
});
