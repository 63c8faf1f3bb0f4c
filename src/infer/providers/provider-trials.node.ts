import '../worker/no-telemetry.node';
import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { listSupportedBackends } from 'onnxruntime-node';
import { Observable } from 'rxjs';
import { builtFile } from '../../core/package.node';
import type { Provider, ProviderReport } from './provider';

/** The libraries that onnxruntime-node downloads separately, by provider. */
const libraries: Partial<Record<Provider, string>> = {
  cuda: 'libonnxruntime_providers_cuda.so',
  tensorrt: 'libonnxruntime_providers_tensorrt.so',
};

/** Why a provider cannot be tried on this machine, or undefined when it can. */
export function unavailableReason(provider: Provider): string | undefined {
  const machine = `${process.platform}/${process.arch}`;
  if (!listSupportedBackends().some(({ name }) => name === provider)) return `onnxruntime-node has no such provider on ${machine}`;
  const library = libraries[provider];
  if (library === undefined || process.platform !== 'linux') return undefined;
  const file = join(dirname(require.resolve('onnxruntime-node/package.json')), 'bin/napi-v6', machine, library);
  return existsSync(file) ? undefined : `${library} is not installed (see docs/gpu.md)`;
}

export interface ProbeOptions {
  readonly folder: string;
  readonly provider: Provider;
  readonly threads: number;
  /** How long loading, warming up and checking may take. */
  readonly timeoutMs: number;
  /** Added to the environment of the probing process. */
  readonly env?: NodeJS.ProcessEnv;
  readonly probeFile?: string;
}

/** Emits one report, even when the driver crashes, aborts or hangs its process. Unsubscribing kills that process. */
export function probeProvider({
  folder,
  provider,
  threads,
  timeoutMs,
  env,
  probeFile = builtFile('infer/providers/provider-probe.node.js'),
}: ProbeOptions): Observable<ProviderReport> {
  return new Observable((subscriber) => {
    const scratch = mkdtempSync(join(tmpdir(), 'angiocast-probe-'));
    const child = fork(probeFile, [folder, provider, String(threads), scratch], {
      execArgv: [],
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let stderr = '';
    let failure: Extract<ProviderReport, { kind: 'failed' }> | undefined;
    const finish = (report: ProviderReport): void => {
      subscriber.next(report);
      subscriber.complete();
    };
    const failed = (reason: string): void => finish({ kind: 'failed', reason });
    const timer = setTimeout(() => failed(`not ready within ${timeoutMs} ms`), timeoutMs);
    child.stderr?.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(0, 2000)));
    child.on('message', (report: ProviderReport) => {
      if (report.kind === 'passed') return finish(report);
      // The loader's output may still be on its way; it is complete when the process has ended.
      failure = report;
      child.kill('SIGKILL');
    });
    child.on('error', (cause) => failed(`cannot be tried out: ${cause.message}`));
    child.on('close', (code, signal) => {
      if (failure !== undefined) return failed(failure.reason + missingLibrary(stderr));
      failed(`the process that tried it ended with ${signal ?? `code ${code}`}${onOneLine(stderr)}`);
    });
    child.once('close', () => rmSync(scratch, { recursive: true, force: true }));
    return () => {
      clearTimeout(timer);
      child.kill('SIGKILL');
    };
  });
}

/** The library that the loader did not find, which ONNX Runtime reports on standard error only. */
function missingLibrary(stderr: string): string {
  const line = /(?:with error: |^)(lib[\w.+-]+: cannot open shared object file)/m.exec(stderr);
  return line === null ? '' : ` (${line[1]})`;
}

function onOneLine(text: string): string {
  const line = text.trim().replace(/\s*\n\s*/g, '; ');
  return line === '' ? '' : `: ${line.slice(0, 300)}`;
}
