import type { Case } from './case';

const COLUMNS = [
  'patient',
  'keyFrame',
  'dice',
  'recall',
  'specificity',
  'ppv',
  'npv',
  'liverDice',
] as const satisfies readonly (keyof Case)[];

/** One line per patient after a line of names; what needs quotes has them (RFC 4180). */
export const patientsCsv = (cases: readonly Case[]): string =>
  [[...COLUMNS, 'lesions'], ...cases.map((one) => [...COLUMNS.map((column) => field(one[column])), String(one.lesions.length)])]
    .map((fields) => `${fields.join(',')}\n`)
    .join('');

function field(value: string | number): string {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toFixed(6);
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
