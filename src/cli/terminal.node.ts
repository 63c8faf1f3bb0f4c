import { CommanderError } from 'commander';
import { SourceUriError } from '../acquire/uri-options';
import { ConfigError } from '../core/config-error';
import { ModelError } from '../infer/bundle/model-error';
import { DataSetError } from '../study/patient';

/**
 * The exit code after an error: 0 for help or version, 1 for a failure while working, 2 for wrong usage or an unusable
 * configuration, model or data set.
 */
export function exitCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ConfigError || error instanceof SourceUriError || error instanceof ModelError) return 2;
  if (error instanceof DataSetError) return 2;
  return 1;
}

/** Writes progress to stderr; stdout is for results. */
export const printProgress = (line: string): void => void process.stderr.write(`${line}\n`);

/** Writes a text, or an object as JSON. */
export const printResult = (result: string | object): void =>
  void process.stdout.write(typeof result === 'string' ? result : `${JSON.stringify(result, null, 2)}\n`);

/** Clears the line of `showProgress`, on a terminal. */
export const clearLine = (): void => void (process.stderr.isTTY && process.stderr.write('\r\x1b[K'));

/** Overwrites the current line, on a terminal only. */
export function showProgress(doing: string, done: number, of: number, what = 'patients'): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${doing} ${done} of ${of} ${what}`);
}

/** Text that overwrites the current line, and ends it when all are done. */
export function progressBar(done: number, of: number): string {
  const filled = Math.round((30 * done) / of);
  return `\r[${'#'.repeat(filled)}${' '.repeat(30 - filled)}] ${done} of ${of} patients${done === of ? '\n' : ''}`;
}
