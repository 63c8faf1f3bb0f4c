import { toStatus } from '../../src/protocol/stream-status';
import type { KeyFrameTrace } from '../../src/tracing/key-frame-trace';
import { fromQuery } from '../../src/view/state/address';
import { defaultSettings } from '../../src/view/state/settings';
import { viewerReducer, type ViewerEvent } from '../../src/view/state/viewer-reducer';
import { viewerState, type ViewerState } from '../../src/view/state/viewer-state';
import { shownTrace, tracedMask } from '../../src/view/trace/shown-trace';
import { assessed } from '../support/assessed';
import { Messages } from './said';

const a = new Messages('a');
const hello = (epoch: string): ViewerEvent => ({
  ...{ kind: 'message', at: 900, synced: false },
  message: {
    ...{ type: 'hello', protocol: 'angiocast.v1', server: 'angiocast/1', epoch, seq: 0, stream: null, at: 900 },
    streams: [toStatus('a', 'A')],
  },
});
const heard = (message: (ViewerEvent & { kind: 'message' })['message']): ViewerEvent => ({
  kind: 'message',
  message,
  at: 1000,
  synced: true,
});
const trace = (run: string, letter: string): KeyFrameTrace => ({
  ...{ traceId: letter.repeat(32), stream: 'a', run, frame: 0, status: 'final', seq: 1, anticipated: false, provider: 'cpu' },
  ...{ model: { name: 'm', version: '1', sha256: '0' }, startedAt: 1000, spans: [], otherClients: 0 },
});
const told = (...traces: readonly KeyFrameTrace[]): ViewerEvent => ({ kind: 'traces', traces });
const after = (...events: readonly ViewerEvent[]): ViewerState =>
  [hello('e'), ...events].reduce(viewerReducer, viewerState(fromQuery(new URLSearchParams()), defaultSettings));

/** The masks of these tests all carry the trace id of c. */
const run = (name: string): readonly ViewerEvent[] =>
  [a.run(name, 'started', 2), a.picture(name, 0, 1000), a.mask(name, 0, 1000)].map(heard);

it('is that of the mask beside the live picture, and of no other', () => {
  expect([tracedMask(after()), shownTrace(after())]).toEqual([null, null]);
  const state = after(...run('a-1'), told(trace('a-1', 'b'), trace('a-1', 'c'), trace('a-1', 'd')));
  expect(tracedMask(state)).toEqual({ run: 'a-1', traceId: 'c'.repeat(32) });
  expect(shownTrace(state)?.traceId).toBe('c'.repeat(32));
  expect(shownTrace(after(...run('a-1'), told(trace('a-1', 'd'))))).toBeNull();
  expect(shownTrace(after(...run('a-1'), told(trace('a-0', 'c'))))).toBeNull();
});

it('is that of the latest mask of a run under review', () => {
  const review: ViewerEvent = { kind: 'open-run', run: 'a-1' };
  const kept = after(...run('a-1'), ...run('a-2'), review, told(trace('a-1', 'c')));
  expect(tracedMask(kept)?.run).toBe('a-1');
  expect(shownTrace(kept)?.run).toBe('a-1');
  const keyFrame = { frame: 7, status: 'final', score: 1, lagFrames: 2, lagMs: 500, capturedAt: 507, ...assessed } as const;
  const recorded = { run: 'a-0', stream: 'a', startedAt: 500, acquisitions: 9, keyFrame, lesions: [], mask: null };
  const older = after({ kind: 'recorded', runs: [recorded] }, { ...review, run: 'a-0' }, told(trace('a-0', 'd'), trace('a-0', 'e')));
  expect(shownTrace(older)?.traceId).toBe('e'.repeat(32));
});

it('is none of a run whose server was started anew, which may give its name to another', () => {
  const state = after(...run('a-1'), { kind: 'open-run', run: 'a-1' }, told(trace('a-1', 'c')), hello('f'));
  expect(state.review).not.toBeNull();
  expect([tracedMask(state), state.traces]).toEqual([null, []]);
});
