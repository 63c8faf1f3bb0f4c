import '../worker/no-telemetry.node';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listSupportedBackends } from 'onnxruntime-node';
import type { Provider } from './provider';

/** The libraries that onnxruntime-node fetches apart, by provider. */
const libraries: Partial<Record<Provider, string>> = {
  cuda: 'libonnxruntime_providers_cuda.so',
  tensorrt: 'libonnxruntime_providers_tensorrt.so',
};

/** Why a provider cannot be tried on this machine, or undefined when it can. */
export function missingProvider(provider: Provider): string | undefined {
  const machine = `${process.platform}/${process.arch}`;
  if (!listSupportedBackends().some(({ name }) => name === provider)) return `onnxruntime-node has no such provider on ${machine}`;
  const library = libraries[provider];
  if (library === undefined || process.platform !== 'linux') return undefined;
  const file = join(dirname(require.resolve('onnxruntime-node/package.json')), 'bin/napi-v6', machine, library);
  return existsSync(file) ? undefined : `${library} is not installed (docs/gpu.md tells how)`;
}
