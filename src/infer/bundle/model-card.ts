import * as z from 'zod';
import { ANALYSIS_SIZE, type AnalysisImage } from '../../frame';
import { ModelError } from './model-error';

const size = z.int().min(1).max(4096);
/** A plain file name, so that no card reaches outside its folder. */
const file = z.string().regex(/^(?!\.)[\w.-]{1,100}$/, 'Expected a plain file name inside the bundle');
const grid = z.tuple([size, size]);
const probability = z.number().gt(0).lt(1);
const output = z.strictObject({ name: z.string().min(1), shape: z.tuple([z.literal(1), z.literal(1), size, size]) });
const goldenOutput = z.strictObject({ file, grid });

const cardSchema = z.strictObject({
  format: z.literal('angiocast-model/1'),
  name: z.string().min(1).max(100),
  version: z.string().min(1).max(100),
  file: file.default('model.onnx'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'Expected 64 lower-case hex digits'),
  opset: z.int().min(7),
  inputs: z.strictObject({
    frames: z.strictObject({
      name: z.string().min(1),
      shape: z.tuple([z.literal(1), z.int().min(1).max(64), z.literal(ANALYSIS_SIZE), z.literal(ANALYSIS_SIZE)]),
      offsets: z.array(z.int().min(-63).max(0)).min(1),
    }),
  }),
  outputs: z.strictObject({ tumour: output, liver: output, difference: output }),
  normalisation: z.strictObject({ divideBy: z.number().positive(), mean: z.number(), std: z.number().positive() }),
  thresholds: z.strictObject({ tumour: probability, liver: probability, lesion: probability.optional() }),
  trainedOn: z.string().min(1),
  golden: z.strictObject({
    input: z.strictObject({ file, grid, deflated: z.boolean().default(false) }),
    outputs: z.strictObject({ tumour: goldenOutput, liver: goldenOutput, difference: goldenOutput }),
    tolerance: z.number().positive().max(0.5),
  }),
  metrics: z.record(z.string(), z.unknown()).default({}),
});

/**
 * model.json: the graph's inputs and outputs, how to feed it, and how to check that it computes as when it was
 * exported.
 */
export type ModelCard = Readonly<z.infer<typeof cardSchema>>;

/** The networks' outputs. */
export const OUTPUT_ROLES = ['tumour', 'liver', 'difference'] as const;
export type OutputRole = (typeof OUTPUT_ROLES)[number];

/** Parses model.json (models/README.md). Throws a `ModelError` that names the first invalid key. */
export function parseModelCard(text: string): ModelCard {
  const result = cardSchema.safeParse(toJson(text));
  if (!result.success) {
    const issue = result.error.issues[0];
    const key = issue === undefined || issue.path.length === 0 ? 'the file' : issue.path.join('.');
    throw new ModelError('card', `model.json: ${key}: ${issue?.message ?? 'not understood'}`);
  }
  const problem = inconsistency(result.data);
  if (problem !== undefined) throw new ModelError('card', `model.json: ${problem}`);
  return result.data;
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new ModelError('card', 'model.json: not JSON', { cause });
  }
}

/** The first contradiction between keys that are valid each for itself. */
function inconsistency(card: ModelCard): string | undefined {
  const { shape, offsets } = card.inputs.frames;
  if (offsets.length !== shape[1])
    return `inputs.frames.offsets: Expected ${shape[1]} offsets, as many as frames in the shape, got ${offsets.length}`;
  if (offsets.some((offset, i) => i > 0 && offset <= (offsets[i - 1] ?? 0)))
    return 'inputs.frames.offsets: Expected rising offsets, oldest first';
  if (offsets.at(-1) !== 0) return `inputs.frames.offsets: Expected the key frame, 0, last, got ${offsets.at(-1)}`;
  if (!divides(card.golden.input.grid, shape)) return 'golden.input.grid: Expected a whole fraction of the input';
  for (const role of OUTPUT_ROLES) {
    const own = card.outputs[role].shape;
    const tumour = card.outputs.tumour.shape;
    if (own[2] !== tumour[2] || own[3] !== tumour[3]) return `outputs.${role}.shape: Expected the shape of the tumour output`;
    if (!divides(card.golden.outputs[role].grid, own)) return `golden.outputs.${role}.grid: Expected a whole fraction of the output`;
  }
  const names = OUTPUT_ROLES.map((role) => card.outputs[role].name);
  if (new Set(names).size !== names.length) return 'outputs: Expected three different names';
  return undefined;
}

const divides = ([rows, columns]: readonly [number, number], shape: readonly number[]): boolean =>
  (shape[2] ?? 0) % rows === 0 && (shape[3] ?? 0) % columns === 0;

/**
 * Normalises images into the graph's input, `(grey / divideBy − mean) / std`, in the shape [1, images, height, width].
 * `target` belongs to the caller and is returned, so that one array serves every inference.
 */
export function toTensor(images: readonly AnalysisImage[], normalisation: ModelCard['normalisation'], target: Float32Array): Float32Array {
  const total = images.reduce((sum, image) => sum + image.length, 0);
  if (total !== target.length) throw new Error(`Expected ${target.length} grey values, got ${total}`);
  const { divideBy, mean, std } = normalisation;
  const value = Float32Array.from({ length: 256 }, (_, grey) => (grey / divideBy - mean) / std);
  let at = 0;
  for (const image of images) {
    for (let i = 0; i < image.length; i++) target[at++] = value[image[i] as number] as number;
  }
  return target;
}
