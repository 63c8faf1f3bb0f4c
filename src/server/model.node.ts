import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Observable, tap } from 'rxjs';
import type { Config } from '../config/load';
import { clock } from '../core/clock.node';
import { packageFolder } from '../core/package.node';
import { type LoadedSegmenter, loadedSegmenter } from '../infer/loaded-segmenter.node';
import type { Log } from './log.node';

/** Folder of the bundle shipped with angiocast. */
export const bundledModel = join(packageFolder, 'models', 'dsa-ltdnet');

/** The settings that select a model. */
export type ModelConfig = Pick<Config, 'model' | 'provider' | 'threads'>;

/**
 * Emits the configured model once it is loaded, checked and warm. Never completes; unsubscribing ends its worker.
 * Errors with a `ModelError` if it is refused.
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
 * A key that differs if two configurations select different models: another folder, another model.json in the same
 * folder, another provider or number of threads.
 */
export async function modelKey({ model = bundledModel, provider, threads }: ModelConfig): Promise<string> {
  const card = await readFile(join(model, 'model.json'), 'utf8').catch(() => null);
  return JSON.stringify({ model, provider, threads, card });
}
