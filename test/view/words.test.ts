import type { Lesion, Point } from '../../src/mask/tumour-mask';
import type { AnyReceived } from '../../src/receive/client-events';
import { palettes } from '../../src/view/drawing/palettes';
import { age, dateAndTime, runName } from '../../src/view/state/format';
import { area, diameter, maskSummary, lesionSummary, maskState, sizeStep } from '../../src/view/state/mask-text';
import { dismissed, type Notice, noticed, pictureFault, recent, sizeFault } from '../../src/view/state/notices';
import { percentile, withPainted, type PaintedDelay } from '../../src/view/state/painted-delays';
import { defaultSettings, fromStored, toggled, withNextPalette, withOpacity } from '../../src/view/state/settings';
import { emptyView, streamView, type StreamView } from '../../src/view/state/stream-view';
import { Script, squareMask } from '../push/scripted';
import { Messages } from './messages';

const grid = { width: 256, height: 256, imageArea: { x: 0, y: 0, width: 920, height: 920 }, pixelAspect: 1 };
const [lesion] = squareMask(new Script('a').imageArea).lesions as readonly [Lesion];

it('writes lengths in mm where the spacing is known, and ages as one says them', () => {
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
  expect([runName('suite-3', 'suite'), runName('r7', 'suite'), runName('suite-', 'suite')]).toEqual(['3', 'r7', 'suite-']);
  expect([0, 1234, 45_600, 300_000, 36e6].map(age)).toEqual(['0.0 s', '1.2 s', '46 s', '5 min', '10 h']);
});

it('writes date and time as this machine has them, with their distance from UTC', () => {
  const at = Date.UTC(2026, 10, 27, 13, 3, 9);
  const said = dateAndTime(at);
  expect(said).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d$/);
  expect(Date.parse(said.replace(' ', 'T').replace(' ', ''))).toBe(at);
});

describe('settings', () => {
  it('hear keys where it was stored before that could be switched off', () => {
    const { keys: _, ...before } = { ...defaultSettings, palette: 2 };
    expect(fromStored(JSON.stringify(before))).toEqual({ ...defaultSettings, palette: 2 });
    expect(fromStored(JSON.stringify(toggled(defaultSettings, 'keys'))).keys).toBe(false);
  });

  it('survive being stored, and are the usual ones where nothing sensible was', () => {
    const changed = withNextPalette(withOpacity(toggled(defaultSettings, 'liver'), 2));
    expect(fromStored(JSON.stringify(changed))).toEqual(changed);
    for (const text of [null, '', '{', '{}', '[]', JSON.stringify({ ...changed, opacity: 7 }), JSON.stringify({ ...changed, palette: 99 })])
      expect(fromStored(text)).toEqual(defaultSettings);
  });

  it('keep the fill between barely visible and not quite opaque, and go round the palettes', () => {
    expect(withOpacity(defaultSettings, 99).opacity).toBe(0.9);
    expect(withOpacity(defaultSettings, -99).opacity).toBe(0.1);
    expect(palettes.reduce(withNextPalette, defaultSettings)).toEqual(defaultSettings);
  });
});

it('counts notices of one kind as one, keeps few, and cuts long texts', () => {
  const kinds = ['a', 'b', 'c', 'a', 'd', 'e', 'f', 'g', 'h', 'i'];
  const many = kinds.reduce<readonly Notice[]>((notices, kind, at) => noticed(notices, kind, `${kind}${at}`, at), []);
  expect(many.map(({ kind }) => kind)).toEqual(['i', 'h', 'g', 'f', 'e', 'd', 'a', 'c']);
  expect(many[6]).toEqual({ kind: 'a', text: 'a3', count: 2, at: 3 });
  expect(dismissed(many, 'd').map(({ kind }) => kind)).not.toContain('d');
  expect(recent(many, 10 * 60_000 + 7).map(({ kind }) => kind)).toEqual(['i', 'h']);
  expect(noticed([], 'a', 'x'.repeat(5000), 0)[0]?.text).toHaveLength(160);
});

it('measures from capture to glass over the last 200 masks', () => {
  const delays = Array.from({ length: 300 }, (_, at) => at).reduce<readonly PaintedDelay[]>(
    (before, at) => withPainted(before, { capturedAt: 1000, publishedAt: 1000 + at }, 1010 + at),
    [],
  );
  expect(delays).toHaveLength(200);
  expect(delays.at(-1)).toEqual({ published: 299, painted: 309 });
  expect(
    percentile(
      delays.map(({ painted }) => painted),
      0.99,
    ),
  ).toBe(307);
  expect([percentile([], 0.99), percentile([5], 0.99), percentile([3, 1, 2], 0.5)]).toEqual([null, 5, 2]);
});

it('refuses pictures that no monitor shows, or that are not what was announced', () => {
  for (const [width, height] of [
    [0, 0],
    [8193, 100],
    [100, 0.5],
  ] as const)
    expect(pictureFault({ width, height })).toContain('expected 1 to 8192');
  expect(pictureFault({ width: 7680, height: 4320 })).toBeNull();
  expect(sizeFault({ width: 4, height: 3 }, { width: 4, height: 3 })).toBeNull();
  expect(sizeFault({ width: 4, height: 3 }, { width: 400, height: 300 })).toBe('A picture of 400 × 300 pixels: announced were 4 × 3');
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
  ])('is said as: %s', (words, lesions, seen) => {
    expect(maskSummary({ lesions, liver: seen, frame: 12, ...grid, pixelSpacingMm: 0.3 })).toBe(words);
  });
});

describe('a key frame whose inference failed', () => {
  const say = new Messages();
  const viewed = (...messages: AnyReceived[]): StreamView =>
    messages.reduce((view, message) => streamView(view, message, { at: 1, since: 0, synced: true }), emptyView);
  const started = say.run('a-3', 'started', 2);
  const state = (view: StreamView, frame = 25): string => maskState(view, 'a', 'open', 1000, { run: 'a-3', frame });

  it('is said in the place of its mask, with run and frame', () => {
    expect(state(viewed(started, say.keyFrame('a-3', 25, 'stabilised')))).toBe('no mask: inference failed (run 3, frame 25)');
  });

  it('is said before the mask of an earlier one, which still counts', () => {
    const view = viewed(started, say.keyFrame('a-3', 17, 'stabilised'), say.mask('a-3', 17, 1000), say.keyFrame('a-3', 25, 'final'));
    expect(state(view)).toBe('no mask: inference failed (run 3, frame 25); shown: frame 17 of run 3');
  });

  it('is not said of a frame that was only wished for, nor once there is a mask', () => {
    const declared = viewed(started, say.keyFrame('a-3', 25, 'stabilised'));
    expect(state(declared, 24)).toBe('mask on its way');
    expect(state(viewed(started, say.keyFrame('a-3', 25, 'stabilised'), say.mask('a-3', 25, 1000)))).toBe('frame 25 of run 3, 0.0 s old');
  });
});

it.each([
  ['1.1 mm', 0.3, 1, 'about 44 mm'],
  ['2.2 mm', 0.3, 2, 'about 44 mm'],
  ['8.6 mm', 0.8, 3, 'about 45 mm'],
])('says no size finer than the cells of the grid it was measured on: %s', (_, pixelSpacingMm, pixelAspect, words) => {
  expect(diameter({ ...lesion, longestDiameterMm: 44.3 }, sizeStep({ ...grid, pixelSpacingMm, pixelAspect }))).toBe(words);
});
