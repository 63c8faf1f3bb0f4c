import { PixelSpacing } from '../../src/mask/pixel-spacing';

const hd = { width: 1280, height: 800 };
const found = (width: number, height = width) => ({ imageArea: { x: 6, y: 6, width, height } });

it('holds for pictures like the one it was given for', () => {
  const spacing = new PixelSpacing(0.3);
  spacing.observe(hd);
  for (const area of [788, 790, 782]) expect(spacing.of(found(area))).toEqual({ mm: 0.3, void: null });
});

it.each([
  ['another size', { width: 1920, height: 1080 }, 788, 'the picture is 1920 × 1080 now, the spacing was given for 1280 × 800'],
  ['another shape of pixels', { ...hd, pixelAspect: 4 / 3 }, 788, 'its pixels have another shape than those the spacing was given for'],
  ['a smaller image in it', hd, 394, 'the X-ray image is 394 × 394 pixels now, the spacing was given for 788 × 788'],
  ['a larger image in it', hd, 1100, 'the X-ray image is 1100 × 1100 pixels now, the spacing was given for 788 × 788'],
])('is void from the moment a picture has %s, also when the old one is back, until it is given again', (_, picture, area, why) => {
  const spacing = new PixelSpacing(0.3);
  spacing.observe(hd);
  expect(spacing.of(found(788)).mm).toBe(0.3);
  spacing.observe(picture);
  expect(spacing.of(found(area))).toEqual({ mm: null, void: why });
  spacing.observe(hd);
  expect(spacing.of(found(788))).toEqual({ mm: null, void: why });
  spacing.confirm();
  spacing.observe(picture);
  expect(spacing.of(found(area))).toEqual({ mm: 0.3, void: null });
});

it('emits nothing where none was given', () => {
  const spacing = new PixelSpacing(null);
  spacing.observe(hd);
  spacing.observe({ width: 640, height: 480 });
  expect(spacing.of(found(300))).toEqual({ mm: null, void: null });
});
