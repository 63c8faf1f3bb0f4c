import fc from 'fast-check';
import sharp from 'sharp';
import {
  encodedSize,
  encodedWidth,
  MIN_PICTURE_WIDTH,
  MAX_PICTURE_WIDTH,
  sizeName,
  PICTURE_WIDTHS,
} from '../../src/protocol/picture-widths';
import { encodePicture } from '../../src/push/pictures/pictures.node';

describe('how wide a picture is sent', () => {
  it.each([
    [1280, null, 1280],
    [1280, 8192, 1280],
    [1280, 1280, 1280],
    [1280, 1279, 960],
    [3840, 1920, 1920],
    [3840, 1919, 1280],
    [3840, 319, 160],
    [3840, 64, 64],
    [100, 64, 64],
    [32, 64, 32],
    [7680, 4000, 3840],
  ])('captured %i, at most %s: %i', (captured, maxWidth, wide) => expect(encodedWidth(captured, maxWidth)).toBe(wide));

  it('is never more than captured nor than requested, keeps its shape, and is one of few whatever a hundred screens request', () => {
    const wishes = fc.array(fc.integer({ min: MIN_PICTURE_WIDTH, max: MAX_PICTURE_WIDTH }), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16_384 }), fc.integer({ min: 1, max: 16_384 }), wishes, (width, height, all) => {
        const made = new Set(all.map((maxWidth) => encodedWidth(width, maxWidth)));
        expect(made.size).toBeLessThanOrEqual(PICTURE_WIDTHS.length + 1);
        for (const maxWidth of all) {
          const size = encodedSize({ width, height }, encodedWidth(width, maxWidth));
          expect(size.width).toBeLessThanOrEqual(Math.min(width, maxWidth));
          expect(size.height).toBeGreaterThanOrEqual(1);
          expect(Math.abs(size.height - (height * size.width) / width)).toBeLessThanOrEqual(size.height > 1 ? 0.5 : 1);
        }
      }),
    );
  });

  it('is called full or by its width', () => expect([sizeName(1280, 1280), sizeName(1280, 320)]).toEqual(['full', '320']));
});

describe.each(['jpeg', 'png'] as const)('a picture as %s', (encoding) => {
  const [width, height] = [500, 300];
  /** Dark on the left, bright on the right. */
  const pixels = Uint8Array.from({ length: width * height }, (_, at) => (at % width < width / 2 ? 20 : 220));
  const frame = { stream: 'a', index: 0, capturedAt: 0, width, height, pixels, imageArea: { x: 0, y: 0, width, height } };

  it.each([500, 320, 64])(
    'has the size that is announced when it is %i wide, is grey, and shows all of what was captured',
    async (wide) => {
      const bytes = await encodePicture(encoding)(frame, wide);
      expect(await sharp(bytes).metadata()).toMatchObject({ ...encodedSize(frame, wide), channels: 1, format: encoding });
      const { data, info } = await sharp(bytes).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
      const middle = Math.floor(info.height / 2) * info.width;
      const brightFrom = data.subarray(middle, middle + info.width).findIndex((grey) => grey > 120);
      expect(Math.abs(brightFrom / info.width - 0.5)).toBeLessThanOrEqual(1 / info.width);
      expect(frame.pixels[0]).toBe(20);
    },
  );
});
