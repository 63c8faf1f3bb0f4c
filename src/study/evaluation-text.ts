import type { Case } from './case';
import { csvLine } from './csv';
import { type Evaluation, type LesionGroup, worstFirst } from './evaluation';

/** How many of the patients with the lowest Dice are listed. */
const WORST_SHOWN = 3;
const NAME_WIDTH = 24;

/** An evaluation as a table for a terminal of 80 columns. `data` names the data set. */
export function evaluationText(evaluation: Evaluation, data: string): string {
  const { model, provider, thresholds, key, patients, cases } = evaluation;
  const [low, high] = evaluation.dice95;
  const rule = key === 'rule' ? 'the paper’s rule' : 'the first annotated acquisition';
  const lines = [
    `${model.name} ${model.version} on ${provider}; tumour from ${thresholds.tumour}, liver from ${thresholds.liver}`,
    `${patients} ${patients === 1 ? 'patient' : 'patients'} of ${shortened(data, 60)}`,
    `key frames: ${rule}`,
    '',
    row('mean over patients', ['mean', '95 % interval', 'median']),
    row('Dice', [number(evaluation.dice), `${number(low)}–${number(high)}`, number(evaluation.medianDice)]),
    row('recall', [number(evaluation.recall)]),
    row('specificity', [number(evaluation.specificity)]),
    row('PPV', [number(evaluation.ppv)]),
    row('NPV', [number(evaluation.npv)]),
    row('liver Dice', [number(evaluation.liverDice)]),
    '',
    row('mean over lesions', ['Dice', 'lesions']),
    ...[evaluation.allLesions, ...evaluation.bySize, ...evaluation.byBloodSupply].map(groupRow),
    '',
    row('worst patients', ['Dice', 'key frame']),
    ...worstFirst(cases)
      .slice(0, WORST_SHOWN)
      .map(({ patient, dice, keyFrame }) => row(shortened(patient, NAME_WIDTH - 2), [number(dice), String(keyFrame)])),
    '',
    'Research use only.',
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

const COLUMN_WIDTHS = [10, 18, 10];

const row = (name: string, values: readonly string[]): string =>
  name.padEnd(NAME_WIDTH) + values.map((value, i) => value.padStart(COLUMN_WIDTHS[i] ?? 0)).join('');

const groupRow = ({ group, lesions, dice }: LesionGroup): string => row(group, [dice === null ? '–' : number(dice), String(lesions)]);

const number = (value: number): string => value.toFixed(4);

/** Keeps the end of a long name, which says more than its beginning. */
export const shortened = (name: string, most: number): string => (name.length > most ? `…${name.slice(1 - most)}` : name);

const CSV_COLUMNS = [
  'patient',
  'keyFrame',
  'dice',
  'recall',
  'specificity',
  'ppv',
  'npv',
  'liverDice',
] as const satisfies readonly (keyof Case)[];

/** A header and one line per patient, quoted where necessary (RFC 4180). */
export const patientsCsv = (cases: readonly Case[]): string =>
  [[...CSV_COLUMNS, 'lesions'], ...cases.map((one) => [...CSV_COLUMNS.map((column) => one[column]), one.lesions.length])]
    .map(csvLine)
    .join('');
