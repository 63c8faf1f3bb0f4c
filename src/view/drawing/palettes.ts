/** Red, green, blue: 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

export interface Palette {
  readonly name: string;
  readonly tumour: Colour;
  readonly liver: Colour;
}

/**
 * Pairs that colour-blind people tell apart on grey, from Okabe and Ito, “Color Universal Design” (2008), and one
 * without colour. The liver is also dotted, so that nothing depends on colour alone.
 */
export const palettes = [
  { name: 'Vermilion, sky blue', tumour: [230, 106, 20], liver: [86, 180, 233] },
  { name: 'Yellow, sky blue', tumour: [240, 228, 66], liver: [86, 180, 233] },
  { name: 'Purple, bluish green', tumour: [219, 133, 181], liver: [0, 158, 115] },
  { name: 'White', tumour: [255, 255, 255], liver: [190, 190, 190] },
] as const satisfies readonly Palette[];

export function paletteAt(index: number): Palette {
  return palettes[index] ?? palettes[0];
}

/** The colour in CSS, also for canvases. */
export function css([red, green, blue]: Colour, alpha = 1): string {
  return `rgb(${red} ${green} ${blue} / ${alpha})`;
}
