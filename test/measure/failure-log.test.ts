import type { FailureEvent } from '../../src/event';
import { failureLog } from '../../src/measure/failure-log';

const failure = (at: number, change: Partial<FailureEvent> = {}): FailureEvent => ({
  ...{ kind: 'failure', stream: 'a', at, run: 'r1', frame: 4, again: false, reason: 'crashed', message: 'out of memory', ...change },
});

it('logs a failure once in ten seconds per stream and reason, with the number suppressed since', () => {
  const lines: (readonly [object, string])[] = [];
  const see = failureLog({ error: (facts, message) => lines.push([facts, message]) });
  see(failure(0));
  see(failure(1000));
  see(failure(2000, { stream: 'b' }));
  see(failure(3000, { reason: 'timed-out', message: 'no answer' }));
  see(failure(9999));
  see({ kind: 'reconnect', stream: 'a', at: 9999, reason: 'stalled' });
  see(failure(10_000));
  see(failure(20_000));
  expect(lines).toEqual([
    [{ stream: 'a', reason: 'crashed', run: 'r1', frame: 4 }, 'inference failed: out of memory'],
    [{ stream: 'b', reason: 'crashed', run: 'r1', frame: 4 }, 'inference failed: out of memory'],
    [{ stream: 'a', reason: 'timed-out', run: 'r1', frame: 4 }, 'inference failed: no answer'],
    [{ stream: 'a', reason: 'crashed', suppressed: 2, run: 'r1', frame: 4 }, 'inference failed: out of memory'],
    [{ stream: 'a', reason: 'crashed', run: 'r1', frame: 4 }, 'inference failed: out of memory'],
  ]);
});
