import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parseModelCard, toTensor } from '../../src/infer/bundle/model-card';
import { aCard } from './valid-card';
import { image } from './stacks';

type Spoil = (card: Record<string, never>) => void;
const spoilt = (spoil: (card: never) => void): string => {
  const card: unknown = structuredClone(aCard());
  (spoil as Spoil)(card as Record<string, never>);
  return JSON.stringify(card);
};

describe('parseModelCard', () => {
  it('reads a card that is right', () => {
    expect(parseModelCard(JSON.stringify(aCard()))).toEqual(aCard());
  });

  it('fills in the defaults', () => {
    const text = spoilt((card: { file?: string; metrics?: unknown; golden: { input: { deflated?: boolean } } }) => {
      delete card.file;
      delete card.metrics;
      delete card.golden.input.deflated;
    });
    expect(parseModelCard(text)).toEqual(aCard());
  });

  it('reads the example of models/README.md, once a hash is filled in', () => {
    const example = /```json\n([^`]*)```/.exec(readFileSync('models/README.md', 'utf8'))?.[1] ?? '';
    expect(parseModelCard(example.replace(/"…[^"]*…"/, `"${'0'.repeat(64)}"`)).name).toBe('dsa-ltdnet');
  });

  it.each<[string, (card: never) => void, RegExp]>([
    ['another format', (c: { format: string }) => (c.format = 'x/2'), /^model\.json: format: /],
    ['a short hash', (c: { sha256: string }) => (c.sha256 = 'ab'), /^model\.json: sha256: Expected 64/],
    ['a missing threshold', (c: { thresholds: { liver?: number } }) => delete c.thresholds.liver, /^model\.json: thresholds\.liver: /],
    ['a threshold of 1', (c: { thresholds: { tumour: number } }) => (c.thresholds.tumour = 1), /^model\.json: thresholds\.tumour: /],
    [
      'a lesion threshold of 0',
      (c: { thresholds: { lesion?: number } }) => (c.thresholds.lesion = 0),
      /^model\.json: thresholds\.lesion: /,
    ],
    ['an unknown key', (c: { extra: number }) => (c.extra = 1), /extra/],
    ['a path that climbs out', (c: { file: string }) => (c.file = '../model.onnx'), /^model\.json: file: Expected a plain file name/],
    [
      'a path with a folder',
      (c: { golden: { input: { file: string } } }) => (c.golden.input.file = 'a/b'),
      /^model\.json: golden\.input\.file: /,
    ],
    ['a hidden file', (c: { file: string }) => (c.file = '..'), /^model\.json: file: /],
    [
      'another size',
      (c: { inputs: { frames: { shape: number[] } } }) => (c.inputs.frames.shape = [1, 10, 512, 512]),
      /inputs\.frames\.shape/,
    ],
    [
      'too few offsets',
      (c: { inputs: { frames: { offsets: number[] } } }) => (c.inputs.frames.offsets = [-1, 0]),
      /Expected 10 offsets, .* got 2/,
    ],
    [
      'falling offsets',
      (c: { inputs: { frames: { shape: number[]; offsets: number[] } } }) =>
        Object.assign(c.inputs.frames, { shape: [1, 2, 256, 256], offsets: [0, -1] }),
      /Expected rising offsets/,
    ],
    [
      'no key frame',
      (c: { inputs: { frames: { shape: number[]; offsets: number[] } } }) =>
        Object.assign(c.inputs.frames, { shape: [1, 1, 256, 256], offsets: [-1] }),
      /Expected the key frame, 0, last, got -1/,
    ],
    [
      'one name twice',
      (c: { outputs: { liver: { name: string } } }) => (c.outputs.liver.name = 'tumour'),
      /Expected three different names/,
    ],
    [
      'outputs of two sizes',
      (c: { outputs: { liver: { shape: number[] } } }) => (c.outputs.liver.shape = [1, 1, 128, 128]),
      /outputs\.liver\.shape/,
    ],
    [
      'a grid that does not divide',
      (c: { golden: { input: { grid: number[] } } }) => (c.golden.input.grid = [60, 64]),
      /golden\.input\.grid/,
    ],
  ])('refuses %s, and names the place', (_, spoil, message) => {
    expect(() => parseModelCard(spoilt(spoil))).toThrow(message);
  });

  it('refuses what is not JSON', () => {
    expect(() => parseModelCard('{')).toThrow('model.json: not JSON');
  });
});

describe('toTensor', () => {
  it('normalises every grey value and keeps the images in order', () => {
    const grey = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(grey, grey, fc.integer({ min: 0, max: 65_535 }), (a, b, at) => {
        const images = [image(() => a), image((x, y) => (y * 256 + x === at ? a : b))];
        const tensor = toTensor(images, { divideBy: 255, mean: 0.25, std: 2 }, new Float32Array(2 * 65_536));
        expect(tensor[0]).toBeCloseTo((a / 255 - 0.25) / 2, 6);
        expect(tensor[65_536 + at]).toBeCloseTo((a / 255 - 0.25) / 2, 6);
        expect(tensor[65_536 + ((at + 1) % 65_536)]).toBeCloseTo((b / 255 - 0.25) / 2, 6);
      }),
      { numRuns: 20 },
    );
  });

  it('writes into the array it is given', () => {
    const target = new Float32Array(65_536);
    expect(toTensor([image(() => 255)], { divideBy: 255, mean: 0, std: 1 }, target)).toBe(target);
    expect(target.every((value) => value === 1)).toBe(true);
  });

  it('refuses a target of another size', () => {
    expect(() => toTensor([image(() => 0)], { divideBy: 255, mean: 0, std: 1 }, new Float32Array(5))).toThrow(
      'Expected 5 grey values, got 65536',
    );
  });
});
