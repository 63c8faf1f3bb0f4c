import fc from 'fast-check';
import { toStatus } from '../../src/protocol/stream-status';
import type { KeyFrameTrace, TraceSpan } from '../../src/tracing/key-frame-trace';
import { fromQuery } from '../../src/view/state/access';
import { defaultSettings } from '../../src/view/state/settings';
import { type ViewerEvent, viewerReducer } from '../../src/view/state/viewer-reducer';
import { viewerState, type ViewerState } from '../../src/view/state/viewer-state';
import { shownTrace, tracedMask, waterfall } from '../../src/view/trace/shown-trace';
import { assessed } from '../support/assessed';
import { Messages } from './messages';

const a = new Messages('a');
const hello = (epoch: string): ViewerEvent => ({
  ...{ kind: 'message', at: 900, synced: false },
  message: {
    ...{ type: 'hello', protocol: 'angiocast.v1', server: 'angiocast/1', epoch, seq: 0, stream: null, at: 900 },
    streams: [toStatus('a', 'A')],
  },
});
const received = (message: (ViewerEvent & { kind: 'message' })['message']): ViewerEvent => ({
  kind: 'message',
  message,
  at: 1000,
  synced: true,
});
const trace = (run: string, letter: string): KeyFrameTrace => ({
  ...{ traceId: letter.repeat(32), stream: 'a', run, frame: 0, status: 'final', seq: 1, anticipated: false, provider: 'cpu' },
  ...{ model: { name: 'm', version: '1', sha256: '0' }, startedAt: 1000, spans: [], otherClients: 0 },
});
const tracesOf = (...traces: readonly KeyFrameTrace[]): ViewerEvent => ({ kind: 'traces', traces });
const after = (...events: readonly ViewerEvent[]): ViewerState =>
  [hello('e'), ...events].reduce(viewerReducer, viewerState(fromQuery(new URLSearchParams()), defaultSettings));

/** All masks of these tests carry the trace id of c. */
const run = (name: string): readonly ViewerEvent[] =>
  [a.run(name, 'started', 2), a.picture(name, 0, 1000), a.mask(name, 0, 1000)].map(received);

it('is that of the mask beside the live picture, and of no other', () => {
  expect([tracedMask(after()), shownTrace(after())]).toEqual([null, null]);
  const state = after(...run('a-1'), tracesOf(trace('a-1', 'b'), trace('a-1', 'c'), trace('a-1', 'd')));
  expect(tracedMask(state)).toEqual({ run: 'a-1', traceId: 'c'.repeat(32) });
  expect(shownTrace(state)?.traceId).toBe('c'.repeat(32));
  expect(shownTrace(after(...run('a-1'), tracesOf(trace('a-1', 'd'))))).toBeNull();
  expect(shownTrace(after(...run('a-1'), tracesOf(trace('a-0', 'c'))))).toBeNull();
});

it('is that of the latest mask of a run under review', () => {
  const review: ViewerEvent = { kind: 'open-run', run: 'a-1' };
  const kept = after(...run('a-1'), ...run('a-2'), review, tracesOf(trace('a-1', 'c')));
  expect(tracedMask(kept)?.run).toBe('a-1');
  expect(shownTrace(kept)?.run).toBe('a-1');
  const keyFrame = { frame: 7, status: 'final', score: 1, lagFrames: 2, lagMs: 500, capturedAt: 507, ...assessed } as const;
  const recorded = { run: 'a-0', stream: 'a', startedAt: 500, acquisitions: 9, keyFrame, lesions: [], mask: null };
  const older = after({ kind: 'recorded', runs: [recorded] }, { ...review, run: 'a-0' }, tracesOf(trace('a-0', 'd'), trace('a-0', 'e')));
  expect(shownTrace(older)?.traceId).toBe('e'.repeat(32));
});

it('is none of a run of a restarted server, which may give its name to another', () => {
  const state = after(...run('a-1'), { kind: 'open-run', run: 'a-1' }, tracesOf(trace('a-1', 'c')), hello('f'));
  expect(state.review).not.toBeNull();
  expect([tracedMask(state), state.traces]).toEqual([null, []]);
});

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

it('marks networks that worked ahead of the decision, and cuts off what began long before', () => {
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
