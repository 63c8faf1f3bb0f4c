import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readModelBundle } from '../bundle/model-bundle.node';
import { openModelSession } from '../worker/model-session.node';
import type { Provider, ProviderReport } from './provider';

/**
 * Tries a provider in a process of its own, since a driver can take down the process that first touches it. Loads the
 * bundle, warms up, checks the golden outputs, and counts which nodes ran where. `scratch` is an empty folder; the
 * parent removes it.
 */
async function probe(folder: string, provider: Provider, threads: number, scratch: string): Promise<ProviderReport> {
  try {
    const session = await openModelSession(await readModelBundle(folder), { provider, threads, profilePrefix: join(scratch, 'profile') });
    session.endProfiling();
    const ran = readdirSync(scratch).flatMap((file) => providersIn(readFileSync(join(scratch, file), 'utf8')));
    const onProvider = ran.filter((name) => name.toLowerCase().startsWith(provider)).length;
    return { kind: 'passed', typicalMs: session.typicalMs, nodes: ran.length, onProvider };
  } catch (cause) {
    return { kind: 'failed', reason: cause instanceof Error ? cause.message : String(cause) };
  }
}

/** The provider of each node that ran, from ONNX Runtime's profile. */
function providersIn(profile: string): string[] {
  const events = JSON.parse(profile) as readonly { readonly args?: { readonly provider?: string } }[];
  return events.flatMap(({ args }) => (args?.provider === undefined ? [] : [args.provider]));
}

process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
const [folder = '', provider = 'cpu', threads, scratch = '.'] = process.argv.slice(2);
void probe(folder, provider as Provider, Number(threads), scratch).then((report) =>
  // A driver may hang or crash while it is unloaded, so skip that.
  process.send?.(report, () => process.kill(process.pid, 'SIGKILL')),
);
