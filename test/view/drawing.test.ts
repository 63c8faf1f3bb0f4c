import fc from 'fast-check';
import { palettes } from '../../src/view/drawing/palettes';
import { labelPlaces, letterbox } from '../../src/view/drawing/placement';

const size = (max: number) => fc.record({ width: fc.integer({ min: 1, max }), height: fc.integer({ min: 1, max }) });

it('letterboxes a picture: inside its box, touching two sides, keeping its shape, centred', () => {
  fc.assert(
    fc.property(size(5000), size(5000), (of, box) => {
      const place = letterbox(of, box);
      expect(place.width / place.height).toBeCloseTo(of.width / of.height, 6);
      expect(Math.min(place.x, place.y)).toBeCloseTo(0, 6);
      expect(place.x * 2 + place.width).toBeCloseTo(box.width, 6);
      expect(place.y * 2 + place.height).toBeCloseTo(box.height, 6);
    }),
  );
  expect(letterbox({ width: 0, height: 3 }, { width: 9, height: 9 })).toMatchObject({ width: 0, height: 0 });
});

describe('labels', () => {
  const label = { width: 60, height: 20 };
  const picture = { width: 400, height: 300 };

  it('stand right of their lesion where there is room, else left of it', () => {
    const places = labelPlaces([{ lesion: { x: 100, y: 100, width: 40, height: 40 }, label }], picture, 5);
    expect(places).toEqual([{ x: 145, y: 110, ...label }]);
    const [left] = labelPlaces([{ lesion: { x: 350, y: 100, width: 40, height: 40 }, label }], picture, 5);
    expect(left).toMatchObject({ x: 285, y: 110 });
  });

  it('stay within the picture and clear of each other while there is room', () => {
    const two = [100, 110].map((y) => ({ lesion: { x: 100, y, width: 30, height: 8 }, label }));
    const [first, second] = labelPlaces(two, picture, 5);
    expect(first?.x).not.toBe(second?.x);
    const lesions = fc.array(fc.record({ x: fc.nat(380), y: fc.nat(280), width: fc.nat(60), height: fc.nat(60) }), { maxLength: 5 });
    fc.assert(
      fc.property(lesions, (all) => {
        for (const place of labelPlaces(
          all.map((lesion) => ({ lesion, label })),
          picture,
          5,
        )) {
          expect(place.x).toBeGreaterThanOrEqual(0);
          expect(place.y).toBeGreaterThanOrEqual(0);
          expect(place.x + place.width).toBeLessThanOrEqual(picture.width);
          expect(place.y + place.height).toBeLessThanOrEqual(picture.height);
        }
      }),
    );
  });
});

it('has palettes whose two colours differ in lightness or hue for every eye', () => {
  const lightness = ([red, green, blue]: readonly number[]): number => 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
  for (const { tumour, liver } of palettes) {
    const apart = Math.abs(lightness(tumour) - lightness(liver)) > 20 || Math.abs(tumour[2] - liver[2]) > 100;
    expect(apart).toBe(true);
  }
  expect(palettes.length).toBeGreaterThanOrEqual(3);
});
