/** How work goes on, for whoever sits at the terminal; results stand on standard output. */
export const tellLine = (line: string): void => void process.stderr.write(`${line}\n`);

export const clearLine = (): void => void (process.stderr.isTTY && process.stderr.write('\r\x1b[K'));

export function showProgress(doing: string, done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${doing} ${done} of ${of} patients`);
}

/** Drawn over itself; ends the line when all are done. */
export function progressBar(done: number, of: number): string {
  const filled = Math.round((30 * done) / of);
  return `\r[${'#'.repeat(filled)}${' '.repeat(30 - filled)}] ${done} of ${of} patients${done === of ? '\n' : ''}`;
}
