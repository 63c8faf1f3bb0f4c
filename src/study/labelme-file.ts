import { z } from 'zod';
import type { Point } from '../mask/tumour-mask';
import { outlineArea } from './outline-area';

/** One tumour as an expert outlined it, in pixels of the annotated image. */
export interface AnnotatedTumour {
  readonly outline: readonly Point[];
  /** Of the disc with the outline's area. */
  readonly diameter: number;
  /** Poor in blood, rich in blood, or not said. */
  readonly poor: boolean | null;
}

/** What an expert outlined on one acquisition, in pixels of the annotated image. */
export interface Annotation {
  readonly width: number;
  readonly height: number;
  /** In the order of the file. */
  readonly tumours: readonly AnnotatedTumour[];
  /** One part at least. */
  readonly liver: readonly (readonly Point[])[];
}

/** Where an annotation says that its image is. */
export type AnnotatedImage = { readonly kind: 'inside'; readonly base64: string } | { readonly kind: 'beside'; readonly path: string };

/** A Labelme file understood, or everything that is wrong with it. */
export type ParsedLabelme =
  | { readonly kind: 'annotation'; readonly annotation: Annotation; readonly image: AnnotatedImage }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

const LABELS: Readonly<Record<string, 'tumour' | 'liver'>> = { tumour: 'tumour', tumor: 'tumour', HCC: 'tumour', liver: 'liver' };

/** An annotator's hand may slip over the edge by so many pixels; the outline ends at the edge then. */
const SLIP = 1;

const schema = z.object({
  shapes: z.array(
    z.object({
      label: z.string(),
      points: z.array(z.tuple([z.number(), z.number()])),
      shape_type: z.string().nullish(),
      flags: z.record(z.string(), z.unknown()).nullish(),
    }),
  ),
  imagePath: z.string().nullish(),
  imageData: z.string().nullish(),
  imageHeight: z.int().positive(),
  imageWidth: z.int().positive(),
});

type Shape = z.infer<typeof schema>['shapes'][number];

/**
 * Reads what the Labelme program writes: polygons labelled tumour (tumor, HCC) and liver; a tumour's flag `poor` tells its blood supply.
 * A tumour may be missing, the liver may not.
 */
export function parseLabelme(text: string): ParsedLabelme {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { kind: 'problems', problems: [`expected JSON, got something else (${(error as Error).message})`] };
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) return { kind: 'problems', problems: [misunderstood(parsed.error)] };
  const { shapes, imagePath, imageData, imageWidth: width, imageHeight: height } = parsed.data;
  const livers = shapes.filter(({ label }) => LABELS[label] === 'liver');
  const problems = shapes.flatMap((shape, n) => troubles(shape, `shape ${n + 1} (${shape.label})`, width, height));
  if (livers.length === 0) problems.push('expected a polygon labelled liver, got none');
  if (!imageData && !imagePath) problems.push('expected an image beside it (imagePath) or inside (imageData), got neither');
  if (problems.length > 0) return { kind: 'problems', problems };
  const within = ([x, y]: Point): Point => [Math.min(width, Math.max(0, x)), Math.min(height, Math.max(0, y))];
  const tumours = shapes
    .filter(({ label }) => LABELS[label] === 'tumour')
    .map(({ points, flags }): AnnotatedTumour => {
      const outline = points.map(within);
      const poor = flags?.['poor'];
      return { outline, diameter: Math.sqrt((4 * outlineArea(outline)) / Math.PI), poor: typeof poor === 'boolean' ? poor : null };
    });
  return {
    kind: 'annotation',
    annotation: { width, height, tumours, liver: livers.map(({ points }) => points.map(within)) },
    image: imageData ? { kind: 'inside', base64: imageData } : { kind: 'beside', path: (imagePath ?? '').replaceAll('\\', '/') },
  };
}

function troubles({ label, points, shape_type: type, flags }: Shape, name: string, width: number, height: number): string[] {
  if (LABELS[label] === undefined) return [`${name}: expected a label of ${Object.keys(LABELS).join(', ')}, got "${label}"`];
  if ((type ?? 'polygon') !== 'polygon') return [`${name}: expected a polygon, got a ${type}`];
  if (points.length < 3) return [`${name}: expected a polygon of at least 3 points, got ${points.length}`];
  const outside = points.find(([x, y]) => x < -SLIP || y < -SLIP || x > width + SLIP || y > height + SLIP);
  if (outside) return [`${name}: expected points within ${width} × ${height} pixels, got ${outside.join(', ')}`];
  if (outlineArea(points) === 0) return [`${name}: expected a polygon with an area, got an empty one`];
  const poor = flags?.['poor'];
  return poor === undefined || typeof poor === 'boolean'
    ? []
    : [`${name}: expected the flag poor to be true or false, got ${JSON.stringify(poor)}`];
}

function misunderstood({ issues: [issue] }: z.ZodError): string {
  return `not as Labelme writes it: ${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not understood'}`;
}
