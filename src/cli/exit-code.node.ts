import { CommanderError } from 'commander';
import { SourceUriError } from '../acquire/uri-options';
import { ConfigError } from '../core/config-error';
import { ModelError } from '../infer/bundle/model-error';
import { DataSetError } from '../study/data-set-error';

/** What the program ends with after an error: 0 fine (help was asked for), 1 failed while working, 2 wrong usage or configuration. */
export function exitCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ConfigError || error instanceof SourceUriError || error instanceof ModelError) return 2;
  if (error instanceof DataSetError) return 2;
  return 1;
}
