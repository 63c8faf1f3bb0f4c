import './no-telemetry.node';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { monotonicMs } from '../../core/clock.node';
import type { AnalysisImage } from '../../frame';
import { checkGolden } from '../bundle/golden';
import type { ModelBundle } from '../bundle/model-bundle.node';
import { type ModelCard, OUTPUT_ROLES, type OutputRole, toTensor } from '../bundle/model-card';
import { ModelError, runtimeMessage } from '../bundle/model-error';
import { graphOpset } from '../bundle/onnx-graph';
import type { Provider } from '../providers/provider';

export interface SessionOptions {
  readonly provider: Provider;
  /** Threads that one operator is spread over (CPU provider). */
  readonly threads: number;
  /** The path prefix of ONNX Runtime's profile; absent: no profile. */
  readonly profilePrefix?: string;
}

/** A graph that passed its golden check on a provider. */
export interface ModelSession {
  /** How long the warm graph takes for the golden input. */
  readonly typicalMs: number;
  /** Blocks its thread while the graph computes: keep it off the main thread. The arrays belong to the caller. */
  run(images: readonly AnalysisImage[]): Promise<Record<OutputRole, Float32Array>>;
  endProfiling(): void;
  close(): Promise<void>;
}

/**
 * Loads a bundle's graph, checks it against the card, warms it up and checks the golden outputs. Rejects with a
 * `ModelError`.
 */
export async function openModelSession(bundle: ModelBundle, options: SessionOptions): Promise<ModelSession> {
  const { card } = bundle;
  const session = await createSession(bundle, options);
  checkGraph(session, card);
  const opset = graphOpset(bundle.graph);
  if (opset !== card.opset)
    throw new ModelError('graph', `${card.file}: uses operator set ${opset ?? 'unknown'}, the card says ${card.opset}`);
  const { name, shape } = card.inputs.frames;
  const input = new Float32Array(shape.reduce((product, length) => product * length, 1));
  const tensor = new Tensor('float32', input, [...shape]);
  const fetches = OUTPUT_ROLES.map((role) => card.outputs[role].name);

  async function run(images: readonly AnalysisImage[]): Promise<Record<OutputRole, Float32Array>> {
    toTensor(images, card.normalisation, input);
    const results = await session.run({ [name]: tensor }, fetches);
    const of = (role: OutputRole) => results[card.outputs[role].name]?.data as Float32Array;
    return { tumour: of('tumour'), liver: of('liver'), difference: of('difference') };
  }

  await computed(run(bundle.goldenInput), options.provider);
  const startedAt = monotonicMs();
  const outputs = await computed(run(bundle.goldenInput), options.provider);
  const typicalMs = monotonicMs() - startedAt;
  checkGolden(card, outputs, bundle.goldenOutputs);
  return { typicalMs, run, endProfiling: () => session.endProfiling(), close: () => session.release() };
}

async function createSession(
  { card, graph }: ModelBundle,
  { provider, threads, profilePrefix }: SessionOptions,
): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(graph, {
      executionProviders: [provider],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
      // Spinning threads would take the core that capture and sockets need.
      extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
      ...(profilePrefix === undefined ? {} : { enableProfiling: true, profileFilePrefix: profilePrefix }),
    });
  } catch (cause) {
    const where = provider === 'cpu' ? card.file : `${card.file} on ${provider}`;
    throw new ModelError(provider === 'cpu' ? 'graph' : 'provider', `${where}: ${runtimeMessage(cause)}`, { cause });
  }
}

async function computed<T>(result: Promise<T>, provider: Provider): Promise<T> {
  try {
    return await result;
  } catch (cause) {
    throw new ModelError('provider', `${provider} cannot compute the graph: ${runtimeMessage(cause)}`, { cause });
  }
}

function checkGraph(session: InferenceSession, card: ModelCard): void {
  const frames = card.inputs.frames;
  check('input', session.inputMetadata, [frames], card);
  if (session.inputNames.length !== 1)
    throw new ModelError('names', `${card.file}: Expected one input, got ${session.inputNames.join(', ')}`);
  check(
    'output',
    session.outputMetadata,
    OUTPUT_ROLES.map((role) => card.outputs[role]),
    card,
  );
}

interface Expected {
  readonly name: string;
  readonly shape: readonly number[];
}

function check(what: string, actual: readonly InferenceSession.ValueMetadata[], expected: readonly Expected[], card: ModelCard): void {
  for (const { name, shape } of expected) {
    const found = actual.find((value) => value.name === name);
    if (found === undefined) {
      throw new ModelError('names', `${card.file}: no ${what} "${name}", only ${actual.map((value) => value.name).join(', ')}`);
    }
    // A symbolic batch dimension takes any size.
    const fits =
      found.isTensor &&
      found.type === 'float32' &&
      found.shape.length === shape.length &&
      found.shape.every((length, axis) => length === shape[axis] || (axis === 0 && typeof length === 'string'));
    if (!fits) {
      const got = found.isTensor ? `${found.type} [${found.shape.join(', ')}]` : 'no tensor';
      throw new ModelError('shapes', `${card.file}: ${what} "${name}": Expected float32 [${shape.join(', ')}], got ${got}`);
    }
  }
}
