import { CommanderError } from 'commander';
import { SourceUriError } from '../acquire/uri-options';
import { ConfigError } from '../core/config-error';
import { ModelError } from '../infer/bundle/model-error';
import { DataSetError } from '../study/patient';

/**
 * What the program ends with after an error: 0 fine (help was asked for), 1 failed while working, 2 wrong usage or
 * configuration.
 */
export function exitCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ConfigError || error instanceof SourceUriError || error instanceof ModelError) return 2;
  if (error instanceof DataSetError) return 2;
  return 1;
}

/** How work goes on, for whoever sits at the terminal; results stand on standard output. */
export const printProgress = (line: string): void => void process.stderr.write(`${line}\n`);

export const clearLine = (): void => void (process.stderr.isTTY && process.stderr.write('\r\x1b[K'));

export function showProgress(doing: string, done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${doing} ${done} of ${of} patients`);
}

/** Drawn over itself; ends the line when all are done. */
export function progressBar(done: number, of: number): string {
  const filled = Math.round((30 * done) / of);
  return `\r[${'#'.repeat(filled)}${' '.repeat(30 - filled)}] ${done} of ${of} patients${done === of ? '\n' : ''}`;
}
