import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { inflateSync } from 'node:zlib';
import type { AnalysisImage } from '../../frame';
import { goldenImages } from './golden';
import { type ModelCard, type OutputRole, parseModelCard } from './model-card';
import { ModelError } from './model-error';
import { hasExternalData } from './onnx-graph';

/** A bundle read from its folder: card parsed, hash checked, nothing computed yet. */
export interface ModelBundle {
  readonly card: ModelCard;
  readonly graph: Uint8Array;
  readonly goldenInput: readonly AnalysisImage[];
  readonly goldenOutputs: Record<OutputRole, Float32Array>;
}

/** Reads a bundle (models/README.md). Rejects with a `ModelError`. */
export async function readModelBundle(folder: string): Promise<ModelBundle> {
  const card = parseModelCard((await read(folder, 'model.json')).toString('utf8'));
  const graph = await read(folder, card.file);
  const sha256 = createHash('sha256').update(graph).digest('hex');
  if (sha256 !== card.sha256) throw new ModelError('hash', `${card.file}: its SHA-256 is ${sha256}, the card says ${card.sha256}`);
  if (hasExternalData(graph))
    throw new ModelError('graph', `${card.file}: Expected all weights in the file itself, got some in other files`);
  const { input, outputs } = card.golden;
  const stored = await read(folder, input.file);
  const output = async (role: OutputRole): Promise<Float32Array> => floats(await read(folder, outputs[role].file), outputs[role].file);
  return {
    card,
    graph,
    goldenInput: goldenImages(input.deflated ? inflated(stored, input.file, card) : stored, card),
    goldenOutputs: { tumour: await output('tumour'), liver: await output('liver'), difference: await output('difference') },
  };
}

/** Reads a file of the bundle; refuses links that lead out of its folder. */
async function read(folder: string, file: string): Promise<Buffer> {
  const path = join(folder, file);
  const cannotBeRead = (cause: unknown): never => {
    throw new ModelError('file', `${path}: cannot be read (${(cause as NodeJS.ErrnoException).code ?? String(cause)})`, { cause });
  };
  const [home, real] = await Promise.all([realpath(folder), realpath(path)]).catch(cannotBeRead);
  if (!real.startsWith(join(home, sep)))
    throw new ModelError('file', `${path}: Expected a file of the bundle, got a link that leads out of it`);
  if (!(await stat(real).catch(cannotBeRead)).isFile()) throw new ModelError('file', `${path}: Expected a file`);
  return readFile(real).catch(cannotBeRead);
}

/** Inflates at most one byte more than the card announces, so that a small file cannot fill the memory. */
function inflated(bytes: Buffer, file: string, card: ModelCard): Uint8Array {
  const [rows, columns] = card.golden.input.grid;
  try {
    return inflateSync(bytes, { maxOutputLength: card.inputs.frames.shape[1] * rows * columns + 1 });
  } catch (cause) {
    throw new ModelError('golden', `${file}: cannot be inflated to the announced size`, { cause });
  }
}

function floats(bytes: Buffer, file: string): Float32Array {
  if (bytes.length % 4 !== 0) throw new ModelError('golden', `${file}: Expected whole float32 values, got ${bytes.length} bytes`);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}
