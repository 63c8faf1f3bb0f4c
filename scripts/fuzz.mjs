/**
 * Fuzzes every entry point with CASES random inputs: `node scripts/fuzz.mjs [CASES] [SEED]`. Prints how long each took
 * and what it found. Exits with 1 on a finding, which the printed seed reproduces.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [cases = '100000', seed = String(Math.floor(Date.now() / 1000) % 2 ** 31)] = process.argv.slice(2);
const folder = resolve('out/fuzz');
const results = join(folder, 'results.jsonl');
rmSync(results, { force: true });
console.log(`${cases} cases a door, seed ${seed}`);
const jest = [resolve('node_modules/jest/bin/jest.js'), '--selectProjects', 'fuzz', '--maxWorkers=1', ...process.argv.slice(4)];
const env = { ...process.env, FUZZ_CASES: cases, FUZZ_SEED: seed, FUZZ_REPORT: folder };
const { status } = spawnSync(process.execPath, jest, { stdio: 'inherit', env });

const lines = existsSync(results) ? readFileSync(results, 'utf8').trim().split('\n') : [];
const column = (text, width) => String(text).padStart(width);
console.log(`\n${'door'.padEnd(18)}${column('cases', 9)}${column('seconds', 9)}${column('slowest ms', 12)}${column('grown KiB', 11)}`);
for (const { door, sentence, cases: ran, seconds, slowest, grown } of lines.map((line) => JSON.parse(line))) {
  console.log(
    `${door.padEnd(18)}${column(ran, 9)}${column(seconds.toFixed(1), 9)}${column(slowest.toFixed(0), 12)}${column(Math.round(grown / 1024), 11)}  ${sentence}`,
  );
}
process.exit(status ?? 1);
