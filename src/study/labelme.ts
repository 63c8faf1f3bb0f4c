import * as z from 'zod';
import { escapeLine } from '../core/log-text';
import { outlineArea } from '../mask/polygon';
import type { Point } from '../mask/tumour-mask';

export interface LabelmeShape {
  readonly type: string;
  readonly points: readonly Point[];
}

/** Points of a circle's outline. */
const CIRCLE_POINTS = 360;

/** The outline of a polygon, a rectangle (two opposite corners) or a circle (centre, a point on it); or a problem. */
export function labelmeOutline({ type, points }: LabelmeShape): readonly Point[] | string {
  if (type === 'polygon') return points.length >= 3 ? points : `expected a polygon of at least 3 points, got ${points.length}`;
  if (type !== 'rectangle' && type !== 'circle') return `expected a polygon, rectangle or circle, got a ${type}`;
  const [first, second] = points;
  if (!first || !second || points.length > 2) return `expected a ${type} of 2 points, got ${points.length}`;
  const [[ax, ay], [bx, by]] = [first, second];
  if (type === 'rectangle') {
    return [
      [ax, ay],
      [bx, ay],
      [bx, by],
      [ax, by],
    ];
  }
  const radius = Math.hypot(bx - ax, by - ay);
  return Array.from({ length: CIRCLE_POINTS }, (_, i): Point => {
    const angle = (2 * Math.PI * i) / CIRCLE_POINTS;
    return [ax + radius * Math.cos(angle), ay + radius * Math.sin(angle)];
  });
}

/** One tumour outlined by an expert, in pixels of the annotated image. */
export interface AnnotatedTumour {
  readonly outline: readonly Point[];
  /** Of the disc with the outline's area. */
  readonly diameter: number;
  /** Hypovascular, hypervascular, or (null) not stated. */
  readonly poor: boolean | null;
}

/** What an expert outlined on one acquisition, in pixels of the annotated image. */
export interface Annotation {
  readonly width: number;
  readonly height: number;
  /** In the order of the file. */
  readonly tumours: readonly AnnotatedTumour[];
  /** At least one part. */
  readonly liver: readonly (readonly Point[])[];
}

/** Where an annotation keeps its image: embedded, or in a file beside it. */
export type AnnotatedImage = { readonly kind: 'inside'; readonly base64: string } | { readonly kind: 'beside'; readonly path: string };

/** A parsed Labelme file, or all its problems. */
export type ParsedLabelme =
  | { readonly kind: 'annotation'; readonly annotation: Annotation; readonly image: AnnotatedImage }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

const LABELS: ReadonlyMap<string, 'tumour' | 'liver'> = new Map([['tumour', 'tumour'], ['tumor', 'tumour'], ['HCC', 'tumour'], ['liver', 'liver']]); // prettier-ignore

/** Points may lie this many pixels outside the image; they are clamped to its edge. */
const EDGE_TOLERANCE = 1;

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
 * Parses a file of the Labelme program: polygons, rectangles and circles labelled tumour (tumor, HCC) and liver; a
 * tumour's flag `poor` states its blood supply. The liver is required, tumours are not.
 */
export function parseLabelme(text: string): ParsedLabelme {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return toProblems([`expected JSON, got something else (${(error as Error).message})`]);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) return toProblems([schemaProblem(parsed.error)]);
  const { shapes, imagePath, imageData, imageWidth: width, imageHeight: height } = parsed.data;
  const problems: string[] = [];
  const tumours: AnnotatedTumour[] = [];
  const liver: (readonly Point[])[] = [];
  for (const [n, shape] of shapes.entries()) {
    const outline = toOutline(shape, width, height);
    if (typeof outline === 'string') problems.push(`shape ${n + 1} (${shape.label}): ${outline}`);
    else if (LABELS.get(shape.label) === 'liver') liver.push(outline);
    else tumours.push({ outline, diameter: Math.sqrt((4 * outlineArea(outline)) / Math.PI), poor: bloodSupply(shape) ?? null });
  }
  if (!shapes.some(({ label }) => LABELS.get(label) === 'liver')) problems.push('expected a polygon labelled liver, got none');
  if (!imageData && !imagePath) problems.push('expected an image beside it (imagePath) or inside (imageData), got neither');
  if (problems.length > 0) return toProblems(problems);
  return {
    kind: 'annotation',
    annotation: { width, height, tumours, liver },
    image: imageData ? { kind: 'inside', base64: imageData } : { kind: 'beside', path: (imagePath ?? '').replaceAll('\\', '/') },
  };
}

/** One line per problem, whatever characters the file's labels contain. */
const toProblems = (problems: readonly string[]): ParsedLabelme => ({ kind: 'problems', problems: problems.map(escapeLine) });

/** The shape's outline, clamped to the image; or a problem. */
function toOutline(shape: Shape, width: number, height: number): readonly Point[] | string {
  if (LABELS.get(shape.label) === undefined) return `expected a label of ${[...LABELS.keys()].join(', ')}, got "${shape.label}"`;
  const outline = labelmeOutline({ type: shape.shape_type ?? 'polygon', points: shape.points });
  if (typeof outline === 'string') return outline;
  const outside = outline.find(
    ([x, y]) => x < -EDGE_TOLERANCE || y < -EDGE_TOLERANCE || x > width + EDGE_TOLERANCE || y > height + EDGE_TOLERANCE,
  );
  if (outside)
    return `expected points within ${width} × ${height} pixels, got ${outside.map((value) => Number(value.toFixed(1))).join(', ')}`;
  const within = outline.map(([x, y]): Point => [Math.min(width, Math.max(0, x)), Math.min(height, Math.max(0, y))]);
  if (outlineArea(within) === 0) return 'expected an outline with an area, got an empty one';
  if (bloodSupply(shape) === undefined) return `expected the flag poor to be true or false, got ${JSON.stringify(shape.flags?.['poor'])}`;
  return within;
}

/** Null: not stated; undefined: invalid. */
function bloodSupply({ flags }: Shape): boolean | null | undefined {
  const poor = flags?.['poor'] ?? null;
  return poor === null || typeof poor === 'boolean' ? poor : undefined;
}

function schemaProblem({ issues: [issue] }: z.ZodError): string {
  return `not as Labelme writes it: ${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not understood'}`;
}
