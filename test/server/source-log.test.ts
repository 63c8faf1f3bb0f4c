import type { ClassifiedFrame } from '../../src/acquisitions/classified-frame';
import type { Log } from '../../src/server/log.node';
import { sourceLog } from '../../src/server/source-log.node';
import { frameAt, repeatedAt, uniqueAt } from '../support/frames';

it('logs each replay once', () => {
  const lines: string[] = [];
  const push = (_: object, line: string): number => lines.push(line);
  const log = sourceLog({ info: push, warn: push } as unknown as Log, 'suite');
  const replayed = (latest: boolean): ClassifiedFrame => ({ kind: 'replayed', frame: frameAt(1), of: { capturedAt: 0, latest } });
  const first = [uniqueAt(0), replayed(true), replayed(false), repeatedAt(2), replayed(true), replayed(false)];
  for (const event of first) log(event);
  expect(lines).toEqual(['replay: earlier images are shown again; this starts no run']);
  for (const event of [uniqueAt(3), replayed(false)]) log(event);
  expect(lines).toHaveLength(2);
});

it('logs a loss once while reconnecting fails, and again for another reason, after a connection and after an hour', () => {
  const lines: string[] = [];
  const push = (facts: object, line: string): number =>
    lines.push(`${line}${'suppressed' in facts ? ` (${String(facts.suppressed)} suppressed)` : ''}`);
  const log = sourceLog({ info: () => undefined, warn: push } as unknown as Log, 'suite');
  const lost = (at: number, message: string): ClassifiedFrame => ({ kind: 'lost', at, reason: 'no-video', message });
  const connecting = (at: number): ClassifiedFrame => ({ kind: 'connecting', at, attempt: 1 });
  const stalled = (at: number): ClassifiedFrame => ({ kind: 'stalled', at });
  const outside = 'imageArea=2000,0,9,9 lies outside the picture of 640 × 256';
  for (let at = 0; at < 60_000; at += 5000) for (const event of [connecting(at), stalled(at), lost(at, outside)]) log(event);
  expect(lines).toEqual(['no picture arrives', outside]);
  for (const event of [lost(70_000, 'refused'), lost(75_000, outside), lost(80_000, 'refused')]) log(event);
  expect(lines.slice(2)).toEqual(['refused', outside, 'refused']);
  log({ kind: 'connected', at: 90_000, width: 640, height: 256, codec: 'h264' });
  for (const event of [stalled(91_000), stalled(95_000), lost(96_000, outside), lost(99_000, outside)]) log(event);
  expect(lines.slice(5)).toEqual(['no picture arrives', 'no picture arrives', outside]);
  log(lost(96_000 + 3_600_000, outside));
  expect(lines.slice(8)).toEqual([`${outside} (1 suppressed)`]);
});
