import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readModelBundle } from '../../src/infer/bundle/model-bundle.node';
import { parseModelCard } from '../../src/infer/bundle/model-card';
import { ModelError } from '../../src/infer/bundle/model-error';
import { holds, keptTexts, mustBeOneLine, refusalOf } from './fuzz';
import { mustBeUnpolluted, mutatedJson } from './mutated-json';
import { byChance, spoiltBytes } from './mutations';

const bundles = path.join(__dirname, '../fixtures/bundles');
const cards = ['tiny', 'other-shape'].map((name) => readFileSync(path.join(bundles, name, 'model.json'), 'utf8'));
const own = readFileSync(path.join(__dirname, '../../models/dsa-ltdnet/model.json'), 'utf8');
const valid = [...cards, own].map((text) => JSON.parse(text) as unknown);

const folder = mkdtempSync(path.join(tmpdir(), 'angiocast-fuzz-'));
cpSync(path.join(bundles, 'tiny'), folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

holds(
  'a model card is parsed, or refused in one line',
  mutatedJson(valid),
  (text) => {
    const refusal = refusalOf(() => parseModelCard(text), ModelError);
    if (refusal) mustBeOneLine(refusal.message);
    mustBeUnpolluted();
  },
  { kept: keptTexts('model-card') },
);

const files = ['golden-input.bin', 'golden-tumour.bin', 'golden-liver.bin', 'golden-difference.bin', 'model.onnx'] as const;
const contents = new Map(files.map((name) => [name, Uint8Array.from(readFileSync(path.join(bundles, 'tiny', name)))]));
const spoilt = byChance((random, changes) => {
  const name = random.pick(files);
  return { name, deflated: random.chance(0.3), bytes: spoiltBytes(contents.get(name) ?? new Uint8Array(), random, changes) };
}, 4);

holds(
  'a bundle with a spoilt file is read, or refused in one line',
  spoilt,
  async ({ name, bytes, deflated }) => {
    const card = JSON.parse(cards[0] ?? '') as { golden: { input: { deflated: boolean } } };
    card.golden.input.deflated = deflated;
    writeFileSync(path.join(folder, 'model.json'), JSON.stringify(card));
    writeFileSync(path.join(folder, name), bytes);
    try {
      await readModelBundle(folder);
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      mustBeOneLine(error.message);
    } finally {
      writeFileSync(path.join(folder, name), contents.get(name) ?? '');
    }
  },
  { share: 1 / 10 },
);
