import { PICTURES_LATE } from '../../src/event';
import { displayState, lostWord } from '../../src/view/state/display-state';
import { emptyView, type ServerConnection, streamView, type StreamView } from '../../src/view/state/stream-view';
import { Messages } from './messages';

const say = new Messages();
const states = ['connecting', 'live', 'held', 'frozen', 'lost', 'ended'] as const;
const kinds = (link: ServerConnection): readonly string[] =>
  states.map((state) => displayState({ ...emptyView, state }, link, null, 0).kind);

it('distinguishes every state of the stream, and shows none of them when the server does not answer', () => {
  expect(kinds('open')).toEqual(states);
  expect(new Set(kinds('gone'))).toEqual(new Set(['disconnected']));
  expect(new Set(kinds('silent'))).toEqual(new Set(['silent']));
  expect(new Set(kinds('connecting'))).toEqual(new Set(['connecting']));
});

it('calls current only what shows the present', () => {
  const current = states.filter((state) => displayState({ ...emptyView, state }, 'open', null, 0).current);
  expect(current).toEqual(['live', 'held']);
  expect(displayState({ ...emptyView, state: 'live' }, 'gone', null, 0).current).toBe(false);
  expect(displayState({ ...emptyView, state: 'held' }, 'silent', null, 0)).toMatchObject({ word: 'No answer', current: false });
});

it('gives the reason of the server for a state, and its own for one that it found itself', () => {
  expect(displayState({ ...emptyView, state: 'lost', reason: 'no route' }, 'open', null, 0).meaning).toBe('no route');
  const refused = { ...emptyView, reason: 'refused', detail: 'no route to the host' };
  expect(displayState({ ...refused, state: 'lost' }, 'open', null, 0)).toMatchObject({ word: 'Refused', meaning: 'no route to the host' });
  expect(displayState({ ...refused, state: 'ended' }, 'open', null, 0)).toMatchObject({ word: 'Refused', meaning: 'no route to the host' });
  expect(displayState({ ...emptyView, state: 'ended', reason: 'recording over' }, 'open', null, 0).word).toBe('Ended');
  expect(displayState({ ...emptyView, state: 'lost', reason: 'no route' }, 'gone', null, 0).meaning).toBe('no answer from the server');
  expect(displayState(emptyView, 'connecting', null, 0).meaning).toBe('to the server');
});

it('shows that pictures are delayed when they come late, and for ten seconds after', () => {
  const receivedAt = (at: number): StreamView =>
    streamView({ ...emptyView, state: 'live' }, say.picture('r1', 1, 10_000), { at, since: 0, synced: true });
  expect(displayState(receivedAt(11_400), 'open', 4, 11_400).kind).toBe('live');
  expect(displayState(receivedAt(11_600), 'open', 4, 11_600)).toMatchObject({ kind: 'delayed', current: false });
  expect(displayState(receivedAt(11_600), 'open', 4, 21_700).kind).toBe('live');
  expect(displayState({ ...receivedAt(11_600), state: 'frozen' }, 'open', 4, 11_600).kind).toBe('frozen');
});

it('calls pictures delayed that reach the server late', () => {
  const late: StreamView = { ...emptyView, state: 'frozen', reason: PICTURES_LATE };
  expect(displayState(late, 'open', 4, 0)).toEqual({ kind: 'delayed', word: 'Delayed', meaning: PICTURES_LATE, current: false });
  expect(displayState(late, 'gone', 4, 0)).toMatchObject({ kind: 'disconnected', meaning: 'no answer from the server' });
  expect(displayState({ ...late, reason: 'no picture arrives' }, 'open', 4, 0)).toMatchObject({
    kind: 'frozen',
    meaning: 'no picture arrives',
  });
});

it('shows that pictures are delayed when in a run none comes that is due', () => {
  const running: StreamView = streamView({ ...emptyView, state: 'live', phase: 'started' }, say.picture('r1', 1, 10_000), {
    at: 10_000,
    since: 0,
    synced: true,
  });
  expect(displayState(running, 'open', 4, 13_900).kind).toBe('live');
  expect(displayState(running, 'open', 4, 14_100).kind).toBe('delayed');
  expect(displayState(running, 'open', 0.5, 17_900).kind).toBe('live');
  expect(displayState(running, 'open', 0.5, 18_100).kind).toBe('delayed');
  expect(displayState({ ...running, phase: 'ended' }, 'open', 4, 99_000).kind).toBe('live');
});

it('shows that the monitor is blank, or shows earlier images, over the last image before', () => {
  const held = { ...emptyView, state: 'held' } as const;
  expect(displayState({ ...held, reason: 'blank picture' }, 'open', 4, 0)).toMatchObject({ kind: 'blank', word: 'Blank', current: false });
  expect(displayState({ ...held, reason: 'replay' }, 'open', 4, 0)).toMatchObject({ kind: 'replay', word: 'Replay', current: false });
  expect(displayState({ ...held, reason: 'last image hold' }, 'open', 4, 0)).toMatchObject({ kind: 'held', current: true });
});

it.each([
  ['unauthorised', 'rtsp://h/x: user name or password refused', 'Wrong password'],
  ['unauthorised', 'rtsp://h/forbidden/x: user name or password refused', 'Wrong password'],
  ['unauthorised', undefined, 'Wrong password'],
  ['unauthorised', 'rtsp://h/x: access forbidden', 'No permission'],
  ['unauthorised', 'v4l2:/dev/video0: permission denied', 'No permission'],
  ['no such device', 'v4l2:/dev/video0: no such file or device', 'No device'],
  ['not found', 'rtsp://h/x: the server knows no such stream', 'Not found'],
  ['refused', 'v4l2:/dev/video0: the device is in use', 'In use'],
  ['refused', 'rtsp://h/x: connection refused', 'Refused'],
  ['refused', undefined, 'Refused'],
  ['imageArea=2000,0,788,788 lies outside the picture of 1280 × 800', undefined, 'Wrong area'],
])('shows a source that is lost as “%s”, %s: %s', (reason, detail, word) => {
  const view = { ...emptyView, reason, detail };
  expect([lostWord(view), lostWord({ ...view, run: 'r1' })]).toEqual([word, word]);
});

it('distinguishes a signal that was lost from one that never came', () => {
  const view = { ...emptyView, reason: 'rtsp://h/x: no more pictures came' };
  expect([lostWord({ ...view, run: 'r1' }), lostWord(view)]).toEqual(['Signal lost', 'No signal']);
});
