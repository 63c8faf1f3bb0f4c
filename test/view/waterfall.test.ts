import fc from 'fast-check';
import type { KeyFrameTrace, TraceSpan } from '../../src/tracing/key-frame-trace';
import { brief } from '../../src/view/state/format';
import { waterfall } from '../../src/view/trace/waterfall';

const span = (name: TraceSpan['name'], startedAt: number, endedAt: number, client: string | null = null): TraceSpan => ({
  ...{ name, client, startedAt: 1000 + startedAt, endedAt: 1000 + endedAt },
});
const traced = (...spans: readonly TraceSpan[]): KeyFrameTrace => ({
  ...{ traceId: 'c'.repeat(32), stream: 'a', run: 'r1', frame: 3, status: 'final', seq: 1, anticipated: false, provider: 'cpu' },
  ...{ model: { name: 'm', version: '1', sha256: '0' }, startedAt: 1000, spans, otherClients: 0 },
});
const whole = traced(
  ...[span('capture', 0, 0), span('detect', 0, 10), span('queue', 10, 20), span('infer', 20, 70), span('publish', 70, 80)],
  ...[span('delivered', 80, 85, 'client-1'), span('painted', 85, 100, 'client-1')],
);

it('lays out the steps from left to right over the time they took', () => {
  const { bars, ticks } = waterfall(whole);
  expect(bars.map(({ left, width }) => [left, width].map((share) => Math.round(share * 100)))).toEqual([
    ...[[0, 0], [0, 10], [10, 10], [20, 50], [70, 10], [80, 5], [85, 15]], // prettier-ignore
  ]);
  expect(bars.map(({ kind }) => kind)).toEqual(['server', 'server', 'server', 'networks', 'server', 'screen', 'screen']);
  expect(bars.map(({ fromMs, tookMs }) => [fromMs, tookMs]).slice(3, 5)).toEqual([
    ...[[20, 50], [70, 10]], // prettier-ignore
  ]);
  expect(ticks).toEqual([0, 20, 40, 60, 80, 100].map((ms) => ({ ms, left: ms / 100 })));
});

it('tells networks that worked ahead of the decision apart, and cuts off what began long before', () => {
  const ahead = (startedAt: number): ReturnType<typeof waterfall>['bars'] =>
    waterfall(traced(span('detect', 0, 10), span('infer', startedAt, startedAt + 50), span('publish', 10, 100))).bars;
  const [, near] = ahead(-20);
  expect(near).toMatchObject({ kind: 'ahead', cut: false, left: 0, fromMs: -20 });
  const [detect, far, publish] = ahead(-2000);
  expect(far).toMatchObject({ kind: 'ahead', cut: true, left: 0, width: 0, fromMs: -2000, tookMs: 50 });
  expect([detect?.left, publish && publish.left + publish.width].map((share) => share?.toFixed(2))).toEqual(['0.26', '1.00']);
});

it('draws any trace within its axis, with a few round numbers along it, 0 among them', () => {
  const time = fc.double({ min: -5000, max: 5000, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(time, fc.double({ min: 0, max: 3000, noNaN: true })), { maxLength: 9 }), (times) => {
      const { bars, ticks } = waterfall(traced(...times.map(([from, took]) => span('publish', from, from + took))));
      for (const { left, width } of bars) {
        expect(left).toBeGreaterThanOrEqual(0);
        expect(width).toBeGreaterThanOrEqual(0);
        expect(left + width).toBeLessThanOrEqual(1 + 1e-9);
      }
      expect(ticks.map(({ ms }) => Math.abs(ms))).toContain(0);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(8);
    }),
  );
});

it('writes milliseconds as one reads them', () => {
  expect([0, -0.01, 2.04, 2.46, 9.96, 240.4, -3.14, -900].map(brief)).toEqual(['0', '0', '2', '2.5', '10', '240', '−3.1', '−900']);
});
