import sharp from 'sharp';
import type { Evaluation } from './evaluation';
import { patientsCsv } from './evaluation-text';
import { panel, type PanelTile } from './panel';
import { writeFiles } from './write-files.node';

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
export function writeEvaluation(folder: string, evaluation: Evaluation, panel: Buffer): Promise<readonly string[]> {
  return writeFiles(folder, {
    'evaluation.json': `${JSON.stringify(evaluation, null, 2)}\n`,
    'patients.csv': patientsCsv(evaluation.cases),
    'panel.png': panel,
  });
}
