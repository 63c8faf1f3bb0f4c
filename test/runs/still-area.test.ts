import { map, Subject } from 'rxjs';
import type { FrameOrRun } from '../../src/runs/run';
import { withStillArea } from '../../src/runs/still-area';
import { streamStates } from '../../src/runs/stream-states';
import { repeatedAt, WHOLE } from '../support/frames';

const area = (at: number, still: boolean): FrameOrRun => ({
  ...{ kind: 'area', at, found: { area: WHOLE, settled: true, planes: [], hint: still ? 'it stands still' : 'it was cut', still } },
});
/** X-ray elsewhere, which looks like a clock. */
const elsewhere = (from: number, to: number): FrameOrRun[] =>
  Array.from({ length: (to - from) / 100 }, (_, i) => repeatedAt(from + 100 * i, true));
const nothing = (from: number, to: number): FrameOrRun[] => Array.from({ length: (to - from) / 100 }, (_, i) => repeatedAt(from + 100 * i));

function toldOf(...seen: readonly FrameOrRun[]): readonly string[] {
  const lines: string[] = [];
  const events = new Subject<FrameOrRun>();
  events
    .pipe(
      withStillArea(streamStates('test')),
      map(({ at, state, reason }) => `${at} ${state}: ${reason}`),
    )
    .subscribe((line) => lines.push(line));
  seen.forEach((one) => events.next(one));
  return lines;
}

it('reports that the image area stands still, and never that the monitor does, where X-ray elsewhere has moved', () => {
  expect(toldOf(...elsewhere(0, 1000), area(1000, true), ...elsewhere(1000, 2000), ...nothing(2000, 9000))).toEqual([
    ...['0 held: last image hold', '1000 held: it stands still'],
  ]);
});

it('withdraws that the monitor stands still, once it is clear what moved', () => {
  expect(toldOf(...elsewhere(0, 1000), ...nothing(1000, 6000), area(6000, true), ...nothing(6000, 9000), area(9000, false))).toEqual([
    ...['0 held: last image hold', '4000 frozen: nothing on the monitor moves', '6000 held: it stands still'],
    '9000 frozen: nothing on the monitor moves',
  ]);
});

it('leaves the states of a stream as they are whose area is only cut', () => {
  expect(toldOf(area(0, false), ...nothing(0, 1000), { kind: 'ended', at: 1000 })).toEqual([
    ...['0 held: last image hold', '1000 ended: recording over'],
  ]);
});
