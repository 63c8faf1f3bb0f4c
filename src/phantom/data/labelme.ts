import { FIELD_HEIGHT, FIELD_WIDTH, type Outline } from '../anatomy/field';

/** An annotation file of the Labelme program (version 5 format), without the image. */
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

/** A tumour in one image, and whether it is hypovascular. */
export interface OutlinedTumour {
  readonly outline: Outline;
  readonly poor: boolean;
}

/**
 * The liver and the tumours of one image as Labelme polygons, in pixels of the full-size image. The flag `poor` is the
 * one that annotators tick when Labelme is started with `--labelflags '{tumour: [poor]}'`.
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
