import type { Sighting } from '../../src/buffer/sighting';
import type { Log } from '../../src/log.node';
import { sourceLog } from '../../src/source-log.node';
import { frameAt, repeatedAt, uniqueAt } from '../support/frames';

it('says once of a replay that it makes no run, and again of the next one', () => {
  const lines: string[] = [];
  const say = (_: object, line: string): number => lines.push(line);
  const tell = sourceLog({ info: say, warn: say } as unknown as Log, 'suite');
  const replayed = (latest: boolean): Sighting => ({ kind: 'replayed', frame: frameAt(1), of: { capturedAt: 0, latest } });
  const first = [uniqueAt(0), replayed(true), replayed(false), repeatedAt(2), replayed(true), replayed(false)];
  for (const event of first) tell(event);
  expect(lines).toEqual(['replay: earlier images are shown once more, and make no run']);
  for (const event of [uniqueAt(3), replayed(false)]) tell(event);
  expect(lines).toHaveLength(2);
});
