import { csvFields } from './csv';

/** The file of a folder of recordings that tells which frames people marked. */
export const MARKS_FILE = 'keyframes.csv';

/** The frame of a recording that a reader took for the best. */
export interface Mark {
  /** Line of the CSV text, from 1. */
  readonly line: number;
  readonly recording: string;
  /** Null where readers are not named. */
  readonly reader: string | null;
  /** Index of the acquisition in the video, from 0. */
  readonly frame: number;
}

export interface Marks {
  readonly marks: readonly Mark[];
  /** All recordings that a line names, be the rest of the line good or bad. */
  readonly recordings: ReadonlySet<string>;
  /** One line each; they quote nothing of the text, which may name patients. */
  readonly problems: readonly string[];
}

const COLUMNS = ['recording', 'frame', 'reader'];
const HEADER_PROBLEM = 'line 1: expected the header recording,frame or recording,frame,reader, got something else';

/**
 * Reads marks from CSV: the header `recording,frame` or `recording,frame,reader`, then one line per mark. Empty lines
 * are left out.
 */
export function parseMarks(text: string): Marks {
  const [header = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const columns = csvFields(header) ?? [];
  const wellFormed = columns.length >= 2 && columns.length <= 3 && columns.every((column, i) => column === COLUMNS[i]);
  if (!wellFormed) return { marks: [], recordings: new Set(), problems: [HEADER_PROBLEM] };
  const marks: Mark[] = [];
  const recordings = new Set<string>();
  const problems: string[] = [];
  lines.forEach((content, i) => {
    if (content.trim() === '') return;
    const line = i + 2;
    const fields = csvFields(content);
    const [recording = '', frame = '', reader = null] = fields ?? [];
    if (recording !== '') recordings.add(recording);
    const first = marks.find((mark) => mark.recording === recording && mark.reader === reader);
    const problem = problemOf(fields, columns.length) ?? (first ? secondMark(first) : null);
    if (problem === null) marks.push({ line, recording, reader, frame: Number(frame) });
    else problems.push(`line ${line}: ${problem}`);
  });
  if (marks.length === 0 && problems.length === 0) problems.push('expected a line per mark, got none');
  return { marks, recordings, problems };
}

function problemOf(fields: readonly string[] | null, columns: number): string | null {
  if (fields === null) return 'expected a second quotation mark, got the end of the line';
  if (fields.length !== columns) return `expected ${columns} fields, got ${fields.length}`;
  const [recording, frame = '', reader] = fields;
  if (recording === '') return 'expected a recording, got none';
  if (!/^\d{1,9}$/.test(frame)) return `expected a frame as a whole number from 0, got ${frame === '' ? 'none' : 'something else'}`;
  return reader === '' ? 'expected a reader, got none' : null;
}

const secondMark = ({ line, reader }: Mark): string =>
  reader === null
    ? `a second mark of the recording of line ${line}; several readers need a column reader`
    : `a second mark of the recording of line ${line} by the same reader`;
