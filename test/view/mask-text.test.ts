import type { Lesion, Point } from '../../src/mask/tumour-mask';
import type { AnyReceived } from '../../src/receive/client-events';
import {
  area,
  diameter,
  isUncertain,
  largestLesion,
  maskSummary,
  lesionSummary,
  maskState,
  sizeStep,
} from '../../src/view/state/mask-text';
import { emptyView, streamView, type StreamView } from '../../src/view/state/stream-view';
import { Script, squareMask } from '../push/scripted';
import { Messages } from './messages';

const grid = { width: 256, height: 256, imageArea: { x: 0, y: 0, width: 920, height: 920 }, pixelAspect: 1 };
const [lesion] = squareMask(new Script('a').imageArea).lesions as readonly [Lesion];

const viewed = (...messages: AnyReceived[]): StreamView =>
  messages.reduce((view, message) => streamView(view, message, { at: 1, since: 0, synced: true }), emptyView);

it('writes lengths in mm where the spacing is known', () => {
  expect([diameter(lesion), area(lesion)]).toEqual(['about 21 mm', '230 mm²']);
  expect([1, 2, 5].map((step) => diameter({ ...lesion, longestDiameterMm: 44.3 }, step))).toEqual([
    'about 44 mm',
    'about 44 mm',
    'about 45 mm',
  ]);
  expect([0.4, 0.5, 1.4].map((longestDiameterMm) => diameter({ ...lesion, longestDiameterMm }))).toEqual([
    'less than 1 mm',
    'less than 1 mm',
    'about 1 mm',
  ]);
  expect([1523.4, 99.6, 7.26].map((areaMm2) => area({ ...lesion, areaMm2 }))).toEqual(['1500 mm²', '100 mm²', '7 mm²']);
  expect([diameter({ ...lesion, longestDiameterMm: null }), area({ ...lesion, areaMm2: null })]).toEqual(['about 71 px', '2500 px²']);
  expect([[], [lesion], [lesion, lesion]].map((lesions) => lesionSummary(lesions, 12))).toEqual([
    'no tumour found in frame 12',
    '1 lesion, about 21 mm',
    '2 lesions, largest about 21 mm',
  ]);
});

describe('what a mask shows', () => {
  const square = (x: number, y: number, side: number): Point[] => [
    [x, y],
    [x + side, y],
    [x + side, y + side],
    [x, y + side],
  ];
  const at = (x: number, y: number) => ({ ...lesion, centroid: [x + 5, y + 5] as const, contour: square(x, y, 10) });
  const liver = { areaPx: 10_000, contours: [square(100, 100, 100)] };
  const none = { areaPx: 0, contours: [] };

  it.each([
    ['no tumour found in frame 12', [], liver],
    ['no liver seen in frame 12', [], none],
    ['no liver seen in frame 12: 1 lesion, about 21 mm', [at(150, 150)], none],
    ['1 lesion, about 21 mm', [at(150, 150)], liver],
    // At the edge, most of it outside.
    ['1 lesion, about 21 mm', [at(92, 150)], liver],
    ['1 lesion, about 21 mm, outside the liver', [at(300, 150)], liver],
    ['2 lesions, largest about 21 mm', [at(300, 150), at(150, 150)], liver],
  ])('is: %s', (words, lesions, seen) => {
    expect(maskSummary({ lesions, liver: seen, frame: 12, ...grid, pixelSpacingMm: 0.3 })).toBe(words);
  });
});

it.each([
  ['about 21 mm', 0.5, true],
  ['about 21 mm, uncertain', 0.49, true],
  ['about 21 mm, outside liver', 0.9, false],
  ['about 21 mm, uncertain, outside liver', 0.2, false],
])('says from three metres: %s', (words, confidence, inside) => {
  const say = new Messages();
  const { mask } = viewed(say.run('a-1', 'started', 2), say.keyFrame('a-1', 12, 'stabilised'), say.mask('a-1', 12, 1000));
  if (!mask) throw new Error('Expected a mask');
  const doubtful = { ...lesion, confidence };
  const liver = { areaPx: 9, contours: inside ? [lesion.contour] : [[[0, 0] as const, [1, 0] as const, [1, 1] as const]] };
  expect(largestLesion({ mask: { ...mask, facts: { ...mask.facts, lesions: [doubtful], liver } }, keyframes: [], run: 'a-1' })).toBe(words);
  expect(isUncertain(doubtful)).toBe(confidence < 0.5);
});

describe('a key frame whose inference failed', () => {
  const say = new Messages();
  const started = say.run('a-3', 'started', 2);
  const state = (view: StreamView, frame = 25): string => maskState(view, 'a', 'open', 1000, { run: 'a-3', frame });

  it('is named in the place of its mask, with run and frame', () => {
    expect(state(viewed(started, say.keyFrame('a-3', 25, 'stabilised')))).toBe('no mask: inference failed (run 3, frame 25)');
  });

  it('is named before the mask of an earlier one, which still counts', () => {
    const view = viewed(started, say.keyFrame('a-3', 17, 'stabilised'), say.mask('a-3', 17, 1000), say.keyFrame('a-3', 25, 'final'));
    expect(state(view)).toBe('no mask: inference failed (run 3, frame 25); shown: frame 17 of run 3');
  });

  it('is not named for another frame, nor once there is a mask', () => {
    const declared = viewed(started, say.keyFrame('a-3', 25, 'stabilised'));
    expect(state(declared, 24)).toBe('mask on its way');
    expect(state(viewed(started, say.keyFrame('a-3', 25, 'stabilised'), say.mask('a-3', 25, 1000)))).toBe('frame 25 of run 3, 0.0 s old');
  });
});

it.each([
  ['1.1 mm', 0.3, 1, 'about 44 mm'],
  ['2.2 mm', 0.3, 2, 'about 44 mm'],
  ['8.6 mm', 0.8, 3, 'about 45 mm'],
])('gives no size finer than the cells of the grid it was measured on: %s', (_, pixelSpacingMm, pixelAspect, words) => {
  expect(diameter({ ...lesion, longestDiameterMm: 44.3 }, sizeStep({ ...grid, pixelSpacingMm, pixelAspect }))).toBe(words);
});
