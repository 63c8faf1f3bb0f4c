import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { deflateSync } from 'node:zlib';
import { ANALYSIS_SIZE } from '../../frame';
import { fieldGrid, fillOutline } from '../anatomy/field';
import { phantomRun } from '../feed/phantom-run';

/**
 * Writes simulated patients as the networks see them: for each seed `SEED.frames.z` (acquisitions × 256 × 256 grey
 * values), `SEED.labels.z` (the same shape; low four bits: n + 1 on `tumours[n]`, 0 elsewhere; bit 4: liver), both
 * deflated, and `SEED.json`. models/training/data/rendered.py reads them.
 *
 *     node dist/phantom/data/write-stacks.node.js --out DIR --cases N --seed S
 */
function main(): void {
  const { values } = parseArgs({
    options: { out: { type: 'string' }, cases: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
  });
  if (!values.out) throw new Error('Expected --out DIR');
  mkdirSync(values.out, { recursive: true });
  const cases = Number(values.cases);
  for (let n = 0; n < cases; n++) {
    const seed = Number(values.seed) + n;
    writePatient(values.out, seed);
    process.stderr.write(`\r${n + 1} of ${cases} patients`);
  }
  process.stderr.write('\n');
}

function writePatient(folder: string, seed: number): void {
  const run = phantomRun(seed, { width: ANALYSIS_SIZE, height: ANALYSIS_SIZE });
  const size = ANALYSIS_SIZE * ANALYSIS_SIZE;
  const grid = fieldGrid(ANALYSIS_SIZE, ANALYSIS_SIZE);
  const frames = new Uint8Array(run.acquisitions * size);
  const labels = new Uint8Array(run.acquisitions * size);
  for (let k = 0; k < run.acquisitions; k++) {
    frames.set(run.imageAt(k), k * size);
    const liver = run.liverMaskAt(k);
    for (let i = 0; i < size; i++) labels[k * size + i] = liver[i]! << 4;
    run
      .tumoursAt(k)
      .forEach((outline, n) => fillOutline(grid, outline, (i) => void (labels[k * size + i] = (labels[k * size + i]! & 16) | (n + 1))));
  }
  const { acquisitions, acquisitionRateHz, preContrast, stableFrom } = run;
  const tumours = run.tumours.map(({ centre, diameter, poor }) => ({ centre, diameter, poor }));
  writeFileSync(join(folder, `${seed}.frames.z`), deflateSync(frames, { level: 1 }));
  writeFileSync(join(folder, `${seed}.labels.z`), deflateSync(labels, { level: 1 }));
  writeFileSync(join(folder, `${seed}.json`), JSON.stringify({ seed, acquisitions, acquisitionRateHz, preContrast, stableFrom, tumours }));
}

main();
