/** One column: its heading, and the cell of a row. */
export type Column<R> = readonly [heading: string, cell: (row: R) => string];

/** For a terminal: the first columns to the left, numbers to the right. */
export function asText<R>(columns: readonly Column<R>[], rows: readonly R[]): string {
  const lines = [columns.map(([heading]) => heading), ...rows.map((row) => columns.map(([, cell]) => cell(row)))];
  const widths = columns.map((_, n) => Math.max(...lines.map((line) => line[n]?.length ?? 0)));
  const isText = columns.map(([, cell]) => rows.some((row) => /^[^\d–-]/.test(cell(row))));
  return lines
    .map((line) => line.map((cell, n) => (isText[n] ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join('  '))
    .join('\n');
}

export function asMarkdown<R>(columns: readonly Column<R>[], rows: readonly R[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(([heading]) => heading)),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map(([, cell]) => cell(row)))),
  ].join('\n');
}

export const NONE = '–';
export const whole = (value: number): string => (Number.isFinite(value) ? value.toFixed(0) : Number.isNaN(value) ? NONE : 'over 2000');
export const fixed = (value: number, digits: number): string => (Number.isFinite(value) ? value.toFixed(digits) : NONE);
export const percent = (value: number): string => (Number.isFinite(value) ? `${(100 * value).toFixed(value < 0.1 ? 1 : 0)} %` : NONE);
