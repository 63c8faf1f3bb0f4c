import type { AnyReceived } from '../../src/receive/client-events';
import { maskState, notAssessed } from '../../src/view/state/mask-text';
import { emptyView, isHistory, keyPicture, livePicture, streamView, type StreamView } from '../../src/view/state/stream-view';
import { Messages } from './messages';

const say = new Messages();
const after = (view: StreamView, ...messages: readonly AnyReceived[]): StreamView =>
  messages.reduce((before, message) => streamView(before, message, { at: 5000, since: 2000, synced: true }), view);

it('shows the newest picture, in whatever order they come, and finds the one a mask belongs to', () => {
  const view = after(emptyView, say.picture('r1', 3, 3), say.picture('r1', 5, 5), say.picture('r1', 4, 4), say.mask('r1', 3, 3));
  expect(livePicture(view)?.facts.capturedAt).toBe(5);
  expect(keyPicture(view)?.facts.capturedAt).toBe(3);
  expect(view.pictures).toHaveLength(3);
});

it('takes no picture of another run for that of a mask', () => {
  expect(keyPicture(after(emptyView, say.picture('r2', 3, 3), say.mask('r1', 3, 3)))).toBeNull();
});

it('keeps the picture of the mask, however many come after it', () => {
  const later = Array.from({ length: 200 }, (_, at) => say.picture('r1', 10 + at, 10 + at));
  const view = after(emptyView, say.picture('r1', 3, 3), say.mask('r1', 3, 3), ...later);
  expect(keyPicture(view)?.facts.capturedAt).toBe(3);
  expect(view.pictures.length).toBeLessThan(60);
});

it('shows a mask as history as soon as the server does or falls silent, and not because of another mask', () => {
  const view = after(emptyView, say.mask('r1', 3, 3));
  expect(after(view, say.invalid('r1', 4)).invalid).toBeNull();
  expect(after(view, say.invalid('r1', 3)).invalid).toBe('new-run');
  expect(after(view, say.invalid('r1', 3), say.mask('r2', 1, 9)).invalid).toBeNull();
  expect([isHistory(view, 'open'), isHistory(view, 'gone'), isHistory(emptyView, 'gone')]).toEqual([false, true, false]);
  expect(isHistory(after(view, say.invalid('r1', 3)), 'open')).toBe(true);
});

it('shows what a mask is of and whether it still counts', () => {
  const view = after(emptyView, say.mask('a-1', 3, 3000));
  expect(maskState(view, 'a', 'open', 7000)).toBe('frame 3 of run 1, 4.0 s old');
  expect(maskState(view, 'a', 'gone', 7000)).toBe('Last known: frame 3 of run 1');
  expect(maskState(after(view, say.invalid('a-1', 3)), 'a', 'open', 7000)).toBe('History (a new run has begun): frame 3 of run 1');
  expect(maskState(emptyView, 'a', 'open', 7000)).toBe('no mask');
  expect(maskState(after(emptyView, say.keyFrame('a-1', 3, 'final')), 'a', 'open', 7000)).toBe('mask on its way');
});

it('shows that a run was not assessed, and nothing of the mask of the one before', () => {
  const unassessed = { ...say.keyFrame('a-2', 3, 'final'), assessed: false, reason: 'no contrast in this run' };
  const view = after(emptyView, say.mask('a-1', 3, 3000), say.run('a-2', 'started', 2), unassessed);
  expect(maskState(view, 'a', 'open', 7000)).toBe('not assessed: no contrast in this run');
  expect(notAssessed(view)).toBe('not assessed: no contrast in this run');
  expect(notAssessed(after(view, say.run('a-3', 'started', 2)))).toBeNull();
});

it('begins a run without the key frames of the last, and keeps all of one run', () => {
  const first = [
    say.run('r1', 'started', 2),
    say.stability('r1', 2),
    say.keyFrame('r1', 1, 'stabilised'),
    say.keyFrame('r1', 2, 'improved'),
  ];
  const view = after(emptyView, ...first);
  expect(view).toMatchObject({ run: 'r1', acquisitions: 3, keyframes: [{ frame: 1 }, { frame: 2 }] });
  expect(after(view, say.run('r2', 'started', 2))).toMatchObject({ run: 'r2', acquisitions: 2, keyframes: [], stability: [] });
});

it('counts a key frame once that a snapshot repeats', () => {
  const keyframe = say.keyFrame('r1', 1, 'stabilised');
  const snapshot = {
    ...({
      type: 'snapshot',
      seq: 9,
      stream: 'a',
      at: 1,
      head: 9,
      state: 'live',
      reason: '',
      width: 4,
      height: 3,
      pixelAspect: 1,
      imageArea: null,
    } as const),
    ...({ run: 'r1', phase: 'started', acquisitions: 3, startedAt: 1, keyframe, mask: null, frame: null, stability: [] } as const),
  };
  expect(after(emptyView, keyframe, snapshot).keyframes).toHaveLength(1);
  expect(after(emptyView, say.mask('r1', 1, 7), snapshot).mask).toBeNull();
});

it('measures how late messages come, but not of those sent before this screen joined or before the clocks are compared', () => {
  expect(after(emptyView, say.picture('r1', 1, 3000)).late).toEqual({ byMs: 2000, at: 5000 });
  expect(after(emptyView, say.picture('r1', 1, 3000), { ...say.state('held'), at: 4990 }).late).toEqual({ byMs: 10, at: 5000 });
  expect(after(emptyView, say.picture('r1', 1, 1999)).late).toBeNull();
  expect(streamView(emptyView, say.picture('r1', 1, 3000), { at: 5000, since: 2000, synced: false }).late).toBeNull();
});

it('counts what it was too slow for', () => {
  expect(after(emptyView, say.loss(4), say.loss(3)).lost).toBe(7);
});
