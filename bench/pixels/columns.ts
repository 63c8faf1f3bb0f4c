import { availableParallelism } from 'node:os';
import { msPerFrame, type ProgramRow, type Row } from './row';
import { type Column, fixed, NONE, percent, whole } from './table';

const feed: Column<Row> = ['feed', (row) => (row.streams === 1 ? row.feed : `${row.streams} × ${row.feed}`)];
const who: Column<Row> = ['who', (row) => row.who];
/** Of all processors: its own share, and that of everything else meanwhile. */
const machine: readonly Column<Row>[] = [
  ['of the machine', (row) => percent(row.cpuMs / (1000 * row.seconds * availableParallelism()))],
  ['others', (row) => percent(row.othersMs / (1000 * row.seconds * availableParallelism()))],
];
const ofProgram = (heading: string, cell: (program: ProgramRow) => string): Column<Row> => [
  heading,
  ({ program }) => (program ? cell(program) : NONE),
];
const recall: Column<Row> = ['recall', ({ found }) => (found ? fixed(found.found / found.shown, 3) : NONE)];
const precision: Column<Row> = ['precision', ({ found }) => (found ? fixed(found.found / (found.found + found.extra), 3) : NONE)];
const lost = ({ due, captured }: Row): number => Math.max(0, due - captured);
const dropped = ({ fates }: ProgramRow): string =>
  Object.entries(fates)
    .filter(([fate, count]) => fate.startsWith('dropped_') && count > 0)
    .map(([fate, count]) => `${fate.slice('dropped_'.length)} ${count}`)
    .join(', ') || '0';
const fates: readonly Column<Row>[] = [
  ofProgram('unique', (program) => String(program.fates['unique'] ?? 0)),
  ofProgram('repeated', (program) => String(program.fates['repeated'] ?? 0)),
  ofProgram('dropped', dropped),
];
const count: readonly Column<Row>[] = [
  ['due', (row) => String(row.due)],
  ['captured', (row) => String(row.captured)],
  ['looked at', ({ lookedAt }) => (lookedAt === null ? NONE : String(lookedAt))],
  ['lost', (row) => `${lost(row)} (${percent(lost(row) / row.due)})`],
];

/** What a frame costs; `baseline` gives the row that counts as 1 for a row. */
export const cost = (baseline: (row: Row) => Row | undefined): readonly Column<Row>[] => [
  feed,
  who,
  ['CPU ms a frame', (row) => fixed(msPerFrame(row), 2)],
  ['× ffmpeg', (row) => fixed(msPerFrame(row) / msPerFrame(baseline(row) ?? { ...row, captured: NaN }), 2)],
  ...machine,
  ['MB', (row) => whole(row.residentMb)],
  ...count,
  recall,
  precision,
  ['feed late ms', ({ lateMs }) => whole(lateMs)],
];

/** What became of the frames, in the program. */
export const inside: readonly Column<Row>[] = [
  feed,
  who,
  ...fates,
  ofProgram('loop p99 ms', ({ lagP99Ms }) => whole(lagP99Ms)),
  ofProgram('GC', ({ gcShare }) => percent(gcShare)),
  ofProgram('masks', ({ masks }) => String(masks)),
  ofProgram('p50 ms', ({ maskP50Ms }) => whole(maskP50Ms)),
  ofProgram('p99 ms', ({ maskP99Ms }) => whole(maskP99Ms)),
  ofProgram('× inference', ({ timesInference }) => (Number.isNaN(timesInference) ? NONE : fixed(timesInference, 2))),
  ofProgram('acquire p99 ms', ({ acquireP99Ms }) => whole(acquireP99Ms)),
  ofProgram('reconnects', ({ reconnects }) => String(reconnects)),
];

/** With less than it needs; `who` gives how much it had. */
export const overloaded: readonly Column<Row>[] = [
  ['CPU', (row) => row.who],
  ...machine,
  ...count,
  ...fates,
  recall,
  precision,
  ofProgram('acquire p99 ms', ({ acquireP99Ms }) => whole(acquireP99Ms)),
  ofProgram('mask p50 ms', ({ maskP50Ms }) => whole(maskP50Ms)),
  ofProgram('p99 ms', ({ maskP99Ms }) => whole(maskP99Ms)),
  ofProgram('loop p99 ms', ({ lagP99Ms }) => whole(lagP99Ms)),
  ofProgram('reconnects', ({ reconnects }) => String(reconnects)),
  ['runs broken', ({ found }) => (found ? `${found.broken} of ${found.runs}` : NONE)],
];
