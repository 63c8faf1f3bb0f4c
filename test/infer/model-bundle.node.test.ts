import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { firstValueFrom } from 'rxjs';
import { readModelBundle } from '../../src/infer/bundle/model-bundle.node';
import { workerSegmenter } from '../../src/infer/worker/worker-segmenter.node';
import { graphWithWeightsIn } from './outside-graphs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  cpSync('test/fixtures/bundles/tiny', folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Card {
  file?: string;
  sha256: string;
  opset: number;
  inputs: { frames: { name: string; shape: number[]; offsets: number[] } };
  outputs: Record<string, { name: string; shape: number[] }>;
  golden: {
    input: { file: string; grid: number[]; deflated: boolean };
    outputs: Record<string, { file: string; grid: number[] }>;
    tolerance: number;
  };
}
function editCard(edit: (card: Card) => void): void {
  const path = join(folder, 'model.json');
  const card = JSON.parse(readFileSync(path, 'utf8')) as Card;
  edit(card);
  writeFileSync(path, JSON.stringify(card));
}
function rehash(): void {
  const sha256 = createHash('sha256')
    .update(readFileSync(join(folder, 'model.onnx')))
    .digest('hex');
  editCard((card) => (card.sha256 = sha256));
}
const load = () => {
  const clock = { now: () => performance.timeOrigin + performance.now() };
  return firstValueFrom(workerSegmenter({ folder, provider: 'cpu', clock, threads: 1 }));
};

describe('a model bundle', () => {
  it('may consist of links that stay within it, and be one itself', async () => {
    mkdirSync(join(folder, 'data'));
    renameSync(join(folder, 'model.onnx'), join(folder, 'data/model.onnx'));
    symlinkSync('data/model.onnx', join(folder, 'model.onnx'));
    symlinkSync(folder, `${folder}-link`);
    const loaded = await readModelBundle(`${folder}-link`).finally(() => rmSync(`${folder}-link`));
    expect(loaded.card.name).toBe('tiny');
  });

  it('is loaded when everything fits', async () => {
    await expect(load()).resolves.toMatchObject({ model: { name: 'tiny' } });
  });

  it.each<[string, string, RegExp, () => void]>([
    [
      'its graph is another',
      'hash',
      /^model\.onnx: its SHA-256 is [0-9a-f]{64}, the card says/,
      () => writeFileSync(join(folder, 'model.onnx'), 'x'),
    ],
    ['its graph is truncated', 'graph', /^model\.onnx: /, () => (truncateSync(join(folder, 'model.onnx'), 900), rehash())],
    ['its graph is no graph', 'graph', /^model\.onnx: /, () => (writeFileSync(join(folder, 'model.onnx'), 'not a graph'), rehash())],
    ['its graph is empty', 'graph', /^model\.onnx: /, () => (writeFileSync(join(folder, 'model.onnx'), ''), rehash())],
    ['its graph is missing', 'file', /model\.onnx: cannot be read \(ENOENT\)/, () => rmSync(join(folder, 'model.onnx'))],
    ['its card is missing', 'file', /model\.json: cannot be read \(ENOENT\)/, () => rmSync(join(folder, 'model.json'))],
    [
      'its graph is a folder',
      'file',
      /model\.onnx: Expected a file$/,
      () => (rmSync(join(folder, 'model.onnx')), mkdirSync(join(folder, 'model.onnx'))),
    ],
    [
      'its graph is a link that leads out of it',
      'file',
      /model\.onnx: Expected a file of the bundle, got a link that leads out of it$/,
      () => (rmSync(join(folder, 'model.onnx')), symlinkSync(resolve('test/fixtures/bundles/tiny/model.onnx'), join(folder, 'model.onnx'))),
    ],
    [
      'its card is a link that leads out of it',
      'file',
      /model\.json: Expected a file of the bundle/,
      () => (rmSync(join(folder, 'model.json')), symlinkSync('/etc/passwd', join(folder, 'model.json'))),
    ],
    [
      'its graph takes weights from elsewhere',
      'graph',
      /^model\.onnx: Expected all weights in the file itself, got some in other files$/,
      () => (writeFileSync(join(folder, 'model.onnx'), graphWithWeightsIn('../../etc/passwd')), rehash()),
    ],
    ['its card is no JSON', 'card', /^model\.json: not JSON$/, () => writeFileSync(join(folder, 'model.json'), '{')],
    ['its card names a file outside', 'card', /^model\.json: file: /, () => editCard((card) => (card.file = '../tiny/model.onnx'))],
    ['its card names an absolute file', 'card', /golden\.input\.file/, () => editCard((card) => (card.golden.input.file = '/etc/passwd'))],
    ['the input has another name', 'names', /no input "cine", only frames/, () => editCard((card) => (card.inputs.frames.name = 'cine'))],
    [
      'an output has another name',
      'names',
      /no output "leber", only tumour, liver, difference/,
      () => editCard((card) => Object.assign(card.outputs.liver ?? {}, { name: 'leber' })),
    ],
    [
      'it takes another number of frames',
      'shapes',
      /input "frames": Expected float32 \[1, 9, 256, 256\], got float32 \[1, 10, 256, 256\]/,
      () => {
        editCard((card) => ((card.inputs.frames.shape[1] = 9), card.inputs.frames.offsets.shift()));
        truncateSync(join(folder, 'golden-input.bin'), 9 * 32 * 32);
      },
    ],
    [
      'it gives another size',
      'shapes',
      /output "tumour": Expected float32 \[1, 1, 128, 128\], got float32 \[1, 1, 256, 256\]/,
      () => editCard((card) => Object.values(card.outputs).forEach((output) => (output.shape = [1, 1, 128, 128]))),
    ],
    [
      'its operator set is another',
      'graph',
      /^model\.onnx: uses operator set 17, the card says 18$/,
      () => editCard((card) => (card.opset = 18)),
    ],
    [
      'it computes something else',
      'golden',
      /^tumour: computed 0\.\d+ off the golden output, tolerance 0\.001$/,
      () => {
        const path = join(folder, 'golden-tumour.bin');
        const bytes = readFileSync(path);
        bytes.writeFloatLE(bytes.readFloatLE(400) + 0.002, 400);
        writeFileSync(path, bytes);
      },
    ],
    [
      'a golden output is not a number',
      'golden',
      /^liver: computed NaN off/,
      () => writeFileSync(join(folder, 'golden-liver.bin'), new Uint8Array(1024).fill(255)),
    ],
    [
      'a golden output is short',
      'golden',
      /^golden-liver\.bin: Expected 16×16 float32, got 255/,
      () => truncateSync(join(folder, 'golden-liver.bin'), 1020),
    ],
    [
      'a golden output is cut',
      'golden',
      /^golden-liver\.bin: Expected whole float32 values/,
      () => truncateSync(join(folder, 'golden-liver.bin'), 1022),
    ],
    [
      'the golden input is short',
      'golden',
      /^golden-input\.bin: Expected 10×32×32 bytes, got 10239/,
      () => truncateSync(join(folder, 'golden-input.bin'), 10_239),
    ],
    [
      'the golden input is not deflated',
      'golden',
      /^golden-input\.bin: cannot be inflated/,
      () => editCard((card) => (card.golden.input.deflated = true)),
    ],
  ])(
    'is refused when %s',
    async (_, code, message, spoil) => {
      spoil();
      await expect(load()).rejects.toMatchObject({ name: 'ModelError', code, message: expect.stringMatching(message) as string });
    },
    20_000,
  );
});
