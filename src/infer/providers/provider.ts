import { concatMap, defer, map, type Observable, of, throwError } from 'rxjs';
import { ModelError } from '../bundle/model-error';

/** ONNX Runtime's execution providers, in the order in which `auto` tries them. */
export const PROVIDERS = ['cuda', 'tensorrt', 'webgpu', 'dml', 'coreml', 'cpu'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** A provider that was passed over, and why. */
export interface Refusal {
  readonly provider: Provider;
  readonly reason: string;
  /** False: it is missing on this machine. */
  readonly installed: boolean;
}

/** The result of trying a provider. */
export type ProviderReport =
  | {
      readonly kind: 'passed';
      /** How long the warm graph takes for the golden input. */
      readonly typicalMs: number;
      /** Nodes of the graph that ran, and how many of them on the provider itself. */
      readonly nodes: number;
      readonly onProvider: number;
    }
  | { readonly kind: 'failed'; readonly reason: string };

/** The chosen provider, and why those before it were passed over. */
export interface ProviderChoice {
  readonly provider: Provider;
  readonly refusals: readonly Refusal[];
}

export interface ProviderTrials {
  /** Why a provider cannot even be tried, or undefined. */
  unavailableReason(provider: Provider): string | undefined;
  /** Runs the golden check on a provider. */
  probe(provider: Provider): Observable<ProviderReport>;
}

/**
 * `auto`: the first of `PROVIDERS` that is installed, passes the golden check, computes part of the graph itself and
 * is not slower than the CPU (a software Vulkan driver passes every check and takes seconds). The CPU comes last and
 * is not tried as a candidate. A provider by name: that one, or a `ModelError` that says why not.
 */
export function chooseProvider(wanted: Provider | 'auto', trials: ProviderTrials): Observable<ProviderChoice> {
  if (wanted === 'cpu') return of({ provider: 'cpu', refusals: [] });
  if (wanted === 'auto') return firstSuitable(PROVIDERS, [], trials);
  return tryProvider(wanted, trials).pipe(
    concatMap((report) => {
      const reason = unsuitable(report);
      if (reason === undefined) return of({ provider: wanted, refusals: [] });
      return throwError(() => new ModelError('provider', `The provider ${wanted} was asked for, but: ${reason}`));
    }),
  );
}

function firstSuitable(
  [provider = 'cpu', ...others]: readonly Provider[],
  refusals: readonly Refusal[],
  trials: ProviderTrials,
): Observable<ProviderChoice> {
  if (provider === 'cpu') return of({ provider, refusals });
  return tryProvider(provider, trials).pipe(
    concatMap((report) => slowerThanCpu(report, trials)),
    concatMap((reason) => {
      if (reason === undefined) return of({ provider, refusals });
      return firstSuitable(
        others,
        [...refusals, { provider, reason, installed: trials.unavailableReason(provider) === undefined }],
        trials,
      );
    }),
  );
}

function tryProvider(provider: Provider, { unavailableReason, probe }: ProviderTrials): Observable<ProviderReport> {
  return defer(() => {
    const reason = unavailableReason(provider);
    return reason === undefined ? probe(provider) : of<ProviderReport>({ kind: 'failed', reason });
  });
}

function unsuitable(report: ProviderReport): string | undefined {
  if (report.kind === 'failed') return report.reason;
  return report.onProvider === 0 ? `it computes none of the ${report.nodes} nodes of the graph itself` : undefined;
}

/** Why a provider is not taken, compared with the CPU. */
function slowerThanCpu(report: ProviderReport, { probe }: ProviderTrials): Observable<string | undefined> {
  const reason = unsuitable(report);
  if (reason !== undefined || report.kind === 'failed') return of(reason);
  return probe('cpu').pipe(
    map((cpu) =>
      cpu.kind === 'passed' && cpu.typicalMs < report.typicalMs
        ? `correct, but slower than the CPU: ${report.typicalMs.toFixed(0)} ms against ${cpu.typicalMs.toFixed(0)} ms`
        : undefined,
    ),
  );
}
