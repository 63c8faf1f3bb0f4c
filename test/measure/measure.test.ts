import fc from 'fast-check';
import type { Fate } from '../../src/event';
import { maskLatency } from '../../src/measure/latency';
import { balances, emptyLedger, addFates } from '../../src/measure/ledger';
import { boundedLabels } from '../../src/measure/prometheus.node';
import { runHistory, type RunHistory } from '../../src/measure/run-history';
import { Script } from '../push/scripted';

describe('the ledger', () => {
  it('balances only if every captured frame has exactly one fate', () => {
    const fate = fc.constantFrom<Fate>('unique', 'repeated', 'dropped_late', 'dropped_torn');
    fc.assert(
      fc.property(fc.array(fc.tuple(fate, fc.integer({ min: 1, max: 50 }))), (entries) => {
        const captured = entries.reduce((sum, [, count]) => sum + count, 0);
        const ledger = entries.reduce((before, [what, count]) => addFates(before, what, count), emptyLedger);
        expect(ledger.captured).toBe(captured);
        expect(balances(ledger, captured)).toBe(true);
        expect(balances(ledger, captured + 1)).toBe(false);
      }),
    );
  });
});

describe('the latency of a mask', () => {
  it('is split into parts that add up, whether inference was anticipated or not', () => {
    const times = fc.array(fc.nat(500), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(times, fc.boolean(), ([a = 0, b = 0, c = 0, d = 0, e = 0], anticipated) => {
        const detectedAt = 1000 + a + b;
        const inferenceEndedAt = anticipated ? detectedAt - c : detectedAt + c;
        const timing = {
          capturedAt: 1000,
          acquiredAt: 1000 + a,
          detectedAt,
          inferenceStartedAt: inferenceEndedAt - d,
          inferenceEndedAt,
          anticipated,
        };
        const latency = maskLatency(timing, Math.max(detectedAt, inferenceEndedAt) + e);
        expect(latency.acquire + latency.detect + latency.infer + latency.publish).toBe(latency.total);
        if (anticipated) expect(latency.infer).toBe(0);
      }),
    );
  });
});

describe('labels', () => {
  it('pass up to a limit for each name, if they are well-formed', () => {
    const bounded = boundedLabels(2);
    expect(['a', 'b', 'a', 'c', 'dropped_x', '', 'x\ny', 'y'.repeat(200)].map((value) => bounded('reason', value))).toEqual(
      ['a', 'b', 'a', 'other', 'dropped_other', 'other', 'other', 'other'], // prettier-ignore
    );
    expect(bounded('fate', 'c')).toBe('c');
  });
});

describe('the run history', () => {
  it('keeps the newest runs, and as many of their pictures as fit', () => {
    const s = new Script('a', () => 5);
    const limits = { runs: 4, pictureBytes: 2.5 * 320 * 240 };
    let history: RunHistory = [];
    for (const run of ['r1', 'r2', 'r3', 'r4', 'r5']) {
      for (const event of [
        s.run(run, 'started', 2),
        s.keyFrame(run, 3, 'stabilised'),
        s.mask(run, 3, 'stabilised'),
        s.run(run, 'ended', 9),
      ]) {
        history = runHistory(history, event, limits);
      }
    }
    expect(history.map(({ record }) => record.run)).toEqual(['r5', 'r4', 'r3', 'r2']);
    expect(history.map(({ mask }) => mask !== null)).toEqual([true, true, false, false]);
    expect(history.every(({ record }) => record.acquisitions === 9 && record.keyFrame?.frame === 3 && record.lesions.length === 1)).toBe(
      true,
    );
  });

  it('ignores events of unknown runs', () => {
    const s = new Script('a', () => 5);
    expect(runHistory([], s.mask('r1', 1, 'final'))).toEqual([]);
  });
});
