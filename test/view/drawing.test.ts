import fc from 'fast-check';
import { palettes } from '../../src/view/drawing/palettes';
import { labelPlaces, letterbox } from '../../src/view/drawing/placement';
import { runChart } from '../../src/view/panels/run-chart';
import { wallColumns, wallPictureWidth } from '../../src/view/wall/wall-layout';
import { Messages } from './messages';

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

describe('the chart of a run', () => {
  const say = new Messages();
  const stability = Array.from({ length: 40 }, (_, frame) => say.stability('r1', frame));
  const box = { width: 400, height: 100 };

  it('leaves noise at the bottom: a run without contrast looks like one', () => {
    const noise = stability.map((facts, at) => ({ ...facts, opacification: at % 2, score: 3 + (at % 2) / 10 }));
    const chart = runChart(noise, [], null, box);
    expect(Math.min(...chart.opacification.map(({ y }) => y))).toBe(90);
    expect(Math.min(...chart.score.map(({ y }) => y))).toBeCloseTo(95, 6);
  });

  it('shades the last 15 acquisitions and marks candidate and key frames on the score', () => {
    const chart = runChart(stability, [say.keyFrame('r1', 10, 'stabilised'), say.keyFrame('r1', 20, 'final')], 10, box);
    expect(chart.window).toEqual({ x: 250, width: 150 });
    expect(chart.marks.map(({ kind, frame }) => [kind, frame])).toEqual([
      ['stabilised', 10],
      ['final', 20],
      ['candidate', 38],
    ]);
    expect([chart.cursor, runChart(stability, [], null, box).cursor]).toEqual([105, null]);
    for (const mark of chart.marks) expect(chart.score).toContainEqual({ x: mark.x, y: mark.y });
    expect(chart.ticks.map(({ frame }) => frame)).toEqual([0, 10, 20, 30]);
  });

  it('uses the whole height for each line and never leaves its box', () => {
    const chart = runChart(stability, [], null, box);
    for (const line of [chart.score, chart.opacification]) {
      expect(Math.min(...line.map(({ y }) => y))).toBeCloseTo(0);
      expect(Math.max(...line.map(({ y }) => y))).toBeCloseTo(100);
      for (const { x } of line) expect(x > 0 && x < 400).toBe(true);
    }
  });

  it('is empty before a run, and starts with room for thirty', () => {
    expect(runChart([], [], null, box)).toMatchObject({ opacification: [], score: [], window: null, marks: [] });
    const [first] = runChart(stability.slice(0, 1), [], null, box).opacification;
    expect(first?.x).toBeCloseTo(400 / 60);
  });
});

it('gives every stream of a wall the largest picture: side by side on wide screens, one below the other on narrow ones', () => {
  const columns = (count: number, width: number, height: number): number => wallColumns(count, { width, height });
  expect([0, 1, 2, 4, 6, 9].map((count) => columns(count, 1920, 1080))).toEqual([1, 1, 2, 2, 3, 3]);
  expect(columns(4, 500, 1500)).toBe(1);
});

it('asks for pictures of a wall that fill a tile in the pixels of the screen, and no larger than that takes', () => {
  const asked = (count: number, width: number, height: number, ratio = 1): number | null =>
    wallPictureWidth(count, { width, height }, ratio);
  expect([1, 2, 4, 6, 9].map((count) => asked(count, 1920, 1080))).toEqual([1920, 960, 960, 640, 640]);
  expect([asked(4, 390, 844), asked(4, 390, 844, 3), asked(4, 1920, 1080, 2), asked(1, 3840, 2160, 2)]).toEqual([480, 1280, 1920, null]);
});

it('has palettes whose two colours differ in lightness or hue for every eye', () => {
  const lightness = ([red, green, blue]: readonly number[]): number => 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
  for (const { tumour, liver } of palettes) {
    const apart = Math.abs(lightness(tumour) - lightness(liver)) > 20 || Math.abs(tumour[2] - liver[2]) > 100;
    expect(apart).toBe(true);
  }
  expect(palettes.length).toBeGreaterThanOrEqual(3);
});
