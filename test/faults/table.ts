import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../e2e/serve';

/** What a fault did, as one row of docs/reliability.md. */
export interface Row {
  readonly fault: string;
  /** What clients got. */
  readonly shown: string;
  /** From the fault to the state that reports it; null where there is none. */
  readonly detectedMs: number | null;
  /** From the end of the fault to the first new acquisition; null where it ends for good. */
  readonly recoveredMs: number | null;
  readonly lost: string;
  readonly counted: string;
}

/** Each trial leaves its row here. */
export const rowFolder = path.join(root, 'out', 'faults', 'rows');

export function keep(row: Row): void {
  mkdirSync(rowFolder, { recursive: true });
  writeFileSync(path.join(rowFolder, `${row.fault.replace(/[^a-z0-9]+/gi, '-')}.json`), JSON.stringify(row));
  process.stdout.write(`${line(row)}\n`);
}

export function writeTable(): void {
  const rows = readdirSync(rowFolder).map((name) => JSON.parse(readFileSync(path.join(rowFolder, name), 'utf8')) as Row);
  const head = '| fault | clients see | seen after | back after | lost | counted as |\n| --- | --- | --- | --- | --- | --- |\n';
  writeFileSync(path.join(root, 'out', 'faults', 'table.md'), head + rows.map((row) => `${line(row)}\n`).join(''));
}

const line = ({ fault, shown, detectedMs, recoveredMs, lost, counted }: Row): string =>
  `| ${[fault, shown, time(detectedMs), time(recoveredMs), lost, counted].join(' | ')} |`;

const time = (milliseconds: number | null): string => (milliseconds === null ? '—' : `${(milliseconds / 1000).toFixed(1)} s`);
