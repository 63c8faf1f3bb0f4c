import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Evaluation } from './evaluation';
import { patientsCsv } from './evaluation-text';
import { panel, type PanelTile } from './panel';

export const panelPng = (tiles: readonly PanelTile[], model: string): Promise<Buffer> =>
  sharp(Buffer.from(panel(tiles, model)))
    .png()
    .toBuffer();

/** A grey picture as a base64 PNG. */
export async function greyPng(pixels: Uint8Array, width: number, height: number): Promise<string> {
  const png = await sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
  return png.toString('base64');
}

/** Whether text can be drawn here: without fonts, letters are silently left out. */
export async function canDrawText(): Promise<boolean> {
  const letter = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text y="30" font-size="30">M</text></svg>';
  const { channels } = await sharp(Buffer.from(letter)).stats();
  return channels.some(({ max }) => max > 0);
}

/**
 * Writes evaluation.json, patients.csv and panel.png to a folder, each atomically, replacing those of an earlier
 * evaluation. Resolves to their paths.
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
