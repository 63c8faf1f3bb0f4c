import sharp from 'sharp';
import { panel, type PanelTile } from './panel';

/** The panel as a PNG. */
export const panelPicture = (tiles: readonly PanelTile[], model: string): Promise<Buffer> =>
  sharp(Buffer.from(panel(tiles, model)))
    .png()
    .toBuffer();

/** A grey picture as PNG, base64. */
export async function greyPng(pixels: Uint8Array, width: number, height: number): Promise<string> {
  const png = await sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
  return png.toString('base64');
}

/** Whether letters can be drawn here: without any font they are left out in silence. */
export async function lettersShow(): Promise<boolean> {
  const letter = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text y="30" font-size="30">M</text></svg>';
  const { channels } = await sharp(Buffer.from(letter)).stats();
  return channels.some(({ max }) => max > 0);
}
