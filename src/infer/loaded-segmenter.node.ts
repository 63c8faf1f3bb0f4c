import { availableParallelism } from 'node:os';
import { type Observable, catchError, map, switchMap } from 'rxjs';
import { ModelError } from './bundle/model-error';
import { chooseProvider, type Provider, type Refusal } from './providers/provider';
import { unavailableReason, probeProvider } from './providers/provider-trials.node';
import { type WorkerSegmenter, type WorkerSegmenterOptions, workerSegmenter } from './worker/worker-segmenter.node';

export interface LoadedSegmenterOptions extends Omit<WorkerSegmenterOptions, 'provider'> {
  readonly provider: Provider | 'auto';
}

/** A segmenter on the best provider there is. */
export interface LoadedSegmenter extends WorkerSegmenter {
  /** Providers that `auto` passed over, with the reasons. */
  readonly refusals: readonly Refusal[];
}

/**
 * How long `auto` waits for a provider to load, warm up and compute. A software driver takes minutes for what a GPU
 * does in milliseconds, which is too long at every start; TensorRT first builds an engine.
 */
const AUTO_TIMEOUT_MS: Record<Provider, number> = {
  cuda: 60_000,
  tensorrt: 180_000,
  webgpu: 15_000,
  dml: 15_000,
  coreml: 30_000,
  cpu: 120_000,
};

/**
 * Emits one segmenter when a provider is chosen and the model is loaded, warm and checked. Never completes;
 * unsubscribing ends everything. Errors with a `ModelError` when the bundle is invalid or the requested provider
 * cannot compute it.
 */
export function loadedSegmenter(options: LoadedSegmenterOptions): Observable<LoadedSegmenter> {
  const threads = options.threads ?? Math.max(1, availableParallelism() - 1);
  const timeoutMs = options.loadTimeoutMs ?? 120_000;
  const on = (provider: Provider, refusals: readonly Refusal[]): Observable<LoadedSegmenter> =>
    workerSegmenter({ ...options, provider, threads }).pipe(map((segmenter) => ({ ...segmenter, refusals })));

  return chooseProvider(options.provider, {
    unavailableReason: unavailableReason,
    probe: (provider) =>
      probeProvider({
        folder: options.folder,
        provider,
        threads,
        timeoutMs: options.provider === 'auto' ? AUTO_TIMEOUT_MS[provider] : timeoutMs,
      }),
  }).pipe(
    switchMap(({ provider, refusals }) =>
      on(provider, refusals).pipe(
        catchError((cause: unknown) => {
          if (options.provider !== 'auto' || provider === 'cpu' || !(cause instanceof ModelError)) throw cause;
          return on('cpu', [...refusals, { provider, reason: cause.message, installed: true }]);
        }),
      ),
    ),
  );
}
