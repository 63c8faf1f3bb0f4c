import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Evaluation } from './evaluation';
import { patientsCsv } from './patients-csv';

/**
 * Writes evaluation.json, patients.csv and panel.png into a folder, over those of an earlier evaluation; nothing is left half written. Resolves to
 * their paths.
 */
export async function writeEvaluation(folder: string, evaluation: Evaluation, panel: Buffer): Promise<readonly string[]> {
  const files = {
    'evaluation.json': `${JSON.stringify(evaluation, null, 2)}\n`,
    'patients.csv': patientsCsv(evaluation.cases),
    'panel.png': panel,
  };
  await mkdir(folder, { recursive: true });
  const part = await mkdtemp(join(folder, '.part-'));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(part, name), content);
    for (const name of Object.keys(files)) await rename(join(part, name), join(folder, name));
  } finally {
    await rm(part, { recursive: true, force: true });
  }
  return Object.keys(files).map((name) => join(folder, name));
}
