import { FIELD_HEIGHT, FIELD_WIDTH, type Outline } from '../anatomy/field';

/** An annotation as the Labelme program writes it (version 5 format), without the image itself. */
export interface LabelmeFile {
  readonly version: string;
  readonly flags: Readonly<Record<string, boolean>>;
  readonly shapes: readonly {
    readonly label: string;
    readonly points: readonly (readonly [number, number])[];
    readonly group_id: null;
    readonly shape_type: 'polygon';
    readonly flags: Readonly<Record<string, boolean>>;
  }[];
  readonly imagePath: string;
  readonly imageData: null;
  readonly imageHeight: number;
  readonly imageWidth: number;
}

const withinPicture = ([x, y]: readonly [number, number]): readonly [number, number] => [
  Math.round(Math.min(FIELD_WIDTH, Math.max(0, x)) * 100) / 100,
  Math.round(Math.min(FIELD_HEIGHT, Math.max(0, y)) * 100) / 100,
];

/** A tumour as it lies in one image, and whether it is poor in blood. */
export interface OutlinedTumour {
  readonly outline: Outline;
  readonly poor: boolean;
}

/**
 * The liver and the tumours of one image as Labelme polygons, in pixels of the full-size image. A tumour's flag `poor` is what an annotator ticks
 * where Labelme was started with `--labelflags '{tumour: [poor]}'`.
 */
export function toLabelme(imagePath: string, liver: Outline, tumours: readonly OutlinedTumour[]): LabelmeFile {
  const shape = (label: string, outline: Outline, flags: Readonly<Record<string, boolean>>): LabelmeFile['shapes'][number] => ({
    label,
    points: outline.map(withinPicture),
    group_id: null,
    shape_type: 'polygon',
    flags,
  });
  return {
    version: '5.4.1',
    flags: {},
    shapes: [shape('liver', liver, {}), ...tumours.map(({ outline, poor }) => shape('tumour', outline, { poor }))],
    imagePath,
    imageData: null,
    imageHeight: FIELD_HEIGHT,
    imageWidth: FIELD_WIDTH,
  };
}
