import { csvLine } from './csv';
import { shortened } from './evaluation-text';
import { CHOOSERS, type Chooser } from './key-frame-choices';
import type { DistanceSummary, KeyFrameStudy } from './key-frame-study';

const NAME_WIDTH = 24;
const COLUMN_WIDTHS = [6, 8, 8, 9, 8, 7, 5, 5];

/** A study as a table for a terminal of 80 columns. `data` names the folder. */
export function keyFrameText(study: KeyFrameStudy, data: string): string {
  const { recordings, marks, readers, notStabilised, notAssessed } = study;
  const by = readers > 0 ? ` by ${counted(readers, 'reader')}` : '';
  const lines = [
    `${counted(recordings, 'recording')} of ${shortened(data, 60)}`,
    `${counted(marks, 'mark')}${by}`,
    '',
    ' '.repeat(NAME_WIDTH + 6) + 'frames'.padStart(16) + 'seconds'.padStart(17) + 'within frames'.padStart(17),
    row('distance to the marks', ['pairs', 'mean', 'median', 'mean', 'median', '0', '1', '2']),
    summaryRow('the paper’s rule', study.rule),
    summaryRow('online, stabilised', study.stabilised),
    summaryRow('online, final', study.final),
    ...(study.betweenReaders ? [summaryRow('between readers', study.betweenReaders)] : []),
    '',
    `nothing stabilised in ${notStabilised} of ${counted(recordings, 'recording')}`,
    ...(notAssessed > 0 ? [`no final key frame, for want of contrast, in ${notAssessed} of ${counted(recordings, 'recording')}`] : []),
    '',
    'Research use only.',
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const row = (name: string, values: readonly string[]): string =>
  name.padEnd(NAME_WIDTH) + values.map((value, i) => value.padStart(COLUMN_WIDTHS[i] ?? 0)).join('');

function summaryRow(name: string, summary: DistanceSummary | null): string {
  if (!summary) return row(name, ['0', '–', '–', '–', '–', '–', '–', '–']);
  const { pairs, meanFrames, medianFrames, meanSeconds, medianSeconds, within } = summary;
  const distances = [meanFrames, medianFrames, meanSeconds, medianSeconds].map((value) => value.toFixed(2));
  return row(name, [String(pairs), ...distances, ...within.map((share) => `${Math.round(100 * share)}%`)]);
}

const DISTANCE_COLUMNS = CHOOSERS.flatMap((chooser) => [chooser, `${chooser}Frames`, `${chooser}Seconds`]);

/** A header and one line per mark: each key frame, and its distance to the mark. */
export const distancesCsv = ({ cases }: KeyFrameStudy): string =>
  [
    ['recording', 'reader', 'mark', ...DISTANCE_COLUMNS],
    ...cases.flatMap(({ recording, keyFrames, marks }) =>
      marks.map((mark) => {
        const toMark = (chooser: Chooser) => [keyFrames[chooser], mark[chooser]?.frames ?? null, mark[chooser]?.seconds ?? null];
        return [recording, mark.reader, mark.frame, ...CHOOSERS.flatMap(toMark)];
      }),
    ),
  ]
    .map(csvLine)
    .join('');
