import type { Provider } from '../src/infer/providers/provider';

/** Milliseconds of each of some inferences, in short. */
export interface Latency {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
}
/** What could not be measured, and why. */
export interface Missing {
  readonly missing: string;
}
export type ProviderResult =
  Missing | { readonly goldenMs: number; readonly nodes: number; readonly onProvider: number; readonly readyAfterSeconds: number };
export interface LatencyRow {
  readonly provider: Provider;
  readonly path: 'program' | 'bare' | 'python';
  readonly batch: number;
  readonly result: (Latency & { readonly eventLoopP99?: number }) | Missing;
}
export interface Delays {
  readonly provider: string;
  readonly readyAfterSeconds: number;
  readonly seconds: number;
  readonly masks: number;
  readonly published: { readonly anticipated: Latency | null; readonly notAnticipated: Latency | null };
  readonly anticipations: Readonly<Record<string, number>>;
  readonly frames: Readonly<Record<string, number>>;
}
export interface Results {
  readonly machine: Readonly<Record<string, string>>;
  readonly providers: Partial<Record<Provider, ProviderResult>>;
  readonly latency: LatencyRow[];
  readonly program: Record<string, Delays | Missing>;
  nvdec: Readonly<Record<string, number>> | Missing;
  seconds: number;
  finished: boolean;
}

/** All of it in Markdown, as far as it is known. */
export function report({ machine, providers, latency: rows, program, nvdec: decoding, seconds, finished }: Results): string {
  const isMissing = (value: object): value is Missing => 'missing' in value;
  const text: string[] = [`# Inference on ${machine['gpu']}`, ''];
  text.push(...Object.entries(machine).map(([name, value]) => `- ${name}: ${value}`), '');
  text.push('| provider | golden check |', '| --- | --- |');
  for (const [provider, result] of Object.entries(providers)) {
    const verdict = isMissing(result)
      ? `no: ${result.missing}`
      : `passed, ${result.goldenMs} ms, ${result.onProvider} of ${result.nodes} nodes, after ${result.readyAfterSeconds} s`;
    text.push(`| ${provider} | ${verdict.replaceAll('|', '/')} |`);
  }
  text.push(
    '',
    '| provider | path | batch | inferences | p50 ms | p99 ms | worst ms | event loop p99 ms |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
  );
  for (const { provider, path, batch, result } of rows) {
    const cells = isMissing(result)
      ? [result.missing.replaceAll('|', '/'), '', '', '', '']
      : [result.count, result.p50, result.p99, result.worst, result.eventLoopP99 ?? ''];
    text.push(`| ${[provider, path, batch, ...cells].join(' | ')} |`);
  }
  for (const [name, result] of Object.entries(program)) {
    text.push('', `**The program, ${name}**`, '');
    if (isMissing(result)) text.push(result.missing);
    else {
      const { published, anticipations } = result;
      const summary = (delays: Latency | null): string =>
        delays === null ? 'none' : `p50 ${delays.p50} ms, p99 ${delays.p99} ms, worst ${delays.worst} ms of ${delays.count}`;
      const all = Object.values(anticipations).reduce((sum, count) => sum + count, 0);
      text.push(
        `- provider ${result.provider}, ready after ${result.readyAfterSeconds} s, watched for ${result.seconds.toFixed(0)} s, ${result.masks} masks`,
        `- published after capture, anticipated: ${summary(published.anticipated)}; not anticipated: ${summary(published.notAnticipated)}`,
        `- anticipations: ${all}, hits ${anticipations['hit'] ?? 0}, late ${anticipations['late'] ?? 0}, wasted ${anticipations['wasted'] ?? 0}`,
        `- frames: ${Object.entries(result.frames)
          .filter(([, count]) => count > 0)
          .map(([fate, count]) => `${fate} ${count}`)
          .join(', ')}`,
      );
    }
  }
  const decoded = isMissing(decoding)
    ? decoding.missing
    : Object.entries(decoding)
        .map(([name, fps]) => `${name} ${fps}`)
        .join(', ');
  text.push('', `NVDEC: ${decoded}`, '', finished ? `Finished after ${seconds} s.` : `Cut or still running after ${seconds} s.`, '');
  return text.join('\n');
}
