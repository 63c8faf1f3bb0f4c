import { checkChangeable, type StreamChanges, streamChanges } from '../config/changes';
import type { Config } from '../config/load';
import { clock } from '../core/clock.node';
import { ConfigError } from '../core/config-error';
import { errorText } from '../core/log-text';
import { ModelError } from '../infer/bundle/model-error';
import type { Sample } from '../measure/metrics';
import type { CertificateInUse } from '../push/access/certificate.node';
import type { Live } from './live.node';
import type { Log } from './log.node';

/** What a reload changed. */
export interface ReloadResult {
  readonly streams: StreamChanges;
  readonly model: 'same' | 'switched';
  readonly tookMs: number;
}

export interface ReloadParts {
  /** Reads the configuration file again; throws if it is invalid. Null: there is no file. */
  readonly read: (() => Config) | null;
  readonly live: Live;
  readonly certificate: CertificateInUse | undefined;
  readonly log: Log;
  readonly record: (sample: Sample) => void;
}

/**
 * Reads the configuration again and applies all of it or nothing. Calls are processed one at a time. The model comes
 * first, as it takes time and may be refused; then streams, certificate and log level, at once. Rejects with a
 * ConfigError, a SourceUriError or a ModelError if the configuration is refused.
 */
export function reloader(first: Config, { read, live, certificate, log, record }: ReloadParts): () => Promise<ReloadResult> {
  let current = first;
  let lastReload: Promise<unknown> = Promise.resolve();

  const reload = async (): Promise<ReloadResult> => {
    const since = clock.now();
    if (!read) throw new ConfigError('config: expected a file to read again (serve --config FILE), got none');
    const next = read();
    checkChangeable(current, next);
    const renewCertificate = certificate?.renew();
    const model = await swap(next);
    const streams = streamChanges(current.streams, next.streams);
    live.useStreams(next.streams);
    renewCertificate?.();
    log.level = next.logLevel;
    current = next;
    return { streams, model, tookMs: clock.now() - since };
  };
  const swap = async (next: Config): Promise<'same' | 'switched'> => {
    const count = (outcome: 'switched' | 'rolled_back'): void => record({ metric: 'model_swaps_total', labels: { outcome }, value: 1 });
    try {
      const swapped = await live.useModel(next);
      if (swapped === 'switched') count('switched');
      return swapped;
    } catch (error) {
      if (error instanceof ModelError) count('rolled_back');
      throw error;
    }
  };
  const reloadAndLog = async (): Promise<ReloadResult> => {
    try {
      const done = await reload();
      record({ metric: 'config_reloads_total', labels: { outcome: 'applied' }, value: 1 });
      log.info(done, 'configuration reloaded');
      return done;
    } catch (error) {
      record({ metric: 'config_reloads_total', labels: { outcome: 'refused' }, value: 1 });
      log.error({ reason: errorText(error) }, 'configuration not reloaded, nothing changed');
      throw error;
    }
  };
  return () => {
    const result = lastReload.then(reloadAndLog, reloadAndLog);
    lastReload = result.catch(() => undefined);
    return result;
  };
}
