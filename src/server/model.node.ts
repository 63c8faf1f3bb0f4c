import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Observable, tap } from 'rxjs';
import type { Config } from '../config/load';
import { clock } from '../core/clock.node';
import { packageFolder } from '../core/package.node';
import { type LoadedSegmenter, loadedSegmenter } from '../infer/loaded-segmenter.node';
import type { Log } from './log.node';

/** The bundle that comes with angiocast. */
export const bundledModel = join(packageFolder, 'models', 'dsa-ltdnet');

/** What a configuration says of the model. */
export type ModelConfig = Pick<Config, 'model' | 'provider' | 'threads'>;

/**
 * The model of the configuration on its provider, warm and checked; never completes, and unsubscribing ends its worker.
 */
export function segmenter({ model = bundledModel, provider, threads }: ModelConfig, log: Log): Observable<LoadedSegmenter> {
  return loadedSegmenter({
    ...{ folder: model, provider, clock },
    ...(threads === undefined ? {} : { threads }),
    onReplaced: (reason) => log.warn({ reason }, 'inference worker replaced'),
  }).pipe(
    tap((loaded) => {
      for (const refusal of loaded.refusals) log.debug(refusal, 'provider passed over');
      log.info({ model: loaded.model.name, version: loaded.model.version, provider: loaded.provider }, 'model ready');
    }),
  );
}

/**
 * A text that differs where two configurations mean different models: another folder, another card in the same folder,
 * another provider.
 */
export async function modelKey({ model = bundledModel, provider, threads }: ModelConfig): Promise<string> {
  const card = await readFile(join(model, 'model.json'), 'utf8').catch(() => null);
  return JSON.stringify({ model, provider, threads, card });
}
