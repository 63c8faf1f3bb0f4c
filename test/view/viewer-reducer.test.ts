import { toStatus } from '../../src/protocol/stream-status';
import { pastRuns } from '../../src/view/review/review';
import { fromQuery } from '../../src/view/state/access';
import { commandOf, shortcuts } from '../../src/view/state/command';
import { defaultSettings } from '../../src/view/state/settings';
import { emptyView } from '../../src/view/state/stream-view';
import { viewerReducer, type ViewerEvent } from '../../src/view/state/viewer-reducer';
import { viewerState, viewOf, type ViewerState } from '../../src/view/state/viewer-state';
import { Messages } from './messages';

const a = new Messages('a');
const b = new Messages('b');
const rows = [toStatus('a', 'Lab A'), toStatus('b', 'Lab B')];
const hello: ViewerEvent & { kind: 'message' } = {
  kind: 'message',
  message: { type: 'hello', protocol: 'angiocast.v1', server: 'angiocast/1', epoch: 'e', streams: rows, seq: 0, stream: null, at: 900 },
  at: 900,
  synced: false,
};
const heard = (message: (ViewerEvent & { kind: 'message' })['message']): ViewerEvent => ({
  kind: 'message',
  message,
  at: 1000,
  synced: true,
});
const opened = (address: string, ...events: readonly ViewerEvent[]): ViewerState =>
  [hello, ...events].reduce(viewerReducer, viewerState(fromQuery(new URLSearchParams(address)), defaultSettings));
const pressed = (key: string): ViewerEvent => {
  const command = commandOf({ key, ctrlKey: false, altKey: false, metaKey: false });
  if (!command) throw new Error(`Expected ${key} to mean something`);
  return { kind: 'command', command, at: 1000 };
};
const run = [a.run('a-1', 'started', 2), a.picture('a-1', 0, 1000), a.picture('a-1', 1, 1001), a.mask('a-1', 0, 1000)].map(heard);

it('shows the first stream where the address names none, and on a wall all of them', () => {
  expect(opened('').chosen).toBe('a');
  expect(opened('stream=b').chosen).toBe('b');
  const typo = opened('stream=nowhere');
  expect([typo.chosen, typo.notices.map(({ text }) => text)]).toEqual(['a', ['There is no stream nowhere: this is a']]);
  const wall = opened('wall', heard(a.state('live')), heard(b.state('held')));
  expect([viewOf(wall, 'a').state, viewOf(wall, 'b').state]).toEqual(['live', 'held']);
  const desk = opened('', heard(a.state('live')), heard(b.state('held')));
  expect([viewOf(desk, 'a').state, viewOf(desk, 'b').state]).toEqual(['live', 'connecting']);
});

it('never shows another stream on a screen that was put up for one', () => {
  const kiosk = opened('stream=nowhere&kiosk', heard(a.state('live')), pressed('1'));
  expect(kiosk.chosen).toBe('nowhere');
  expect(kiosk.views.size).toBe(0);
});

it('keeps no history on a wall or kiosk, and takes no command there', () => {
  for (const address of ['wall', 'stream=a&kiosk']) {
    const state = opened(address, ...run, pressed('r'), pressed('f'));
    expect(state).toMatchObject({ archive: [], review: null, settings: defaultSettings });
  }
});

it('keeps the runs that the server sent before hello, but not those of a former server', () => {
  const recorded: ViewerEvent = { kind: 'recorded', runs: [{ run: 'a-0', stream: 'a', startedAt: 1, acquisitions: 3, keyFrame: null, lesions: [], mask: null }] }; // prettier-ignore
  const told = [recorded, hello].reduce(viewerReducer, viewerState(fromQuery(new URLSearchParams('stream=a')), defaultSettings));
  expect(told.recorded).toHaveLength(1);
  const anew: ViewerEvent = { ...hello, message: { ...hello.message, epoch: 'f' } as typeof hello.message };
  expect(viewerReducer(told, anew).recorded).toEqual([]);
});

it('begins another stream from nothing, by key or by button', () => {
  const state = opened('', ...run, pressed('2'));
  expect(state).toMatchObject({ chosen: 'b', since: 1000, review: null });
  expect(state.views.size).toBe(0);
  expect(opened('', { kind: 'choose', stream: 'b', at: 7 }).chosen).toBe('b');
  expect(opened('', pressed('9')).chosen).toBe('a');
});

it('opens a review, steps through it, and leaves it, while the live view goes on', () => {
  const reviewing = opened('', ...run, pressed('r'));
  expect(reviewing.review?.capturedAt).toBe(1000);
  const on = [heard(a.picture('a-1', 2, 1002)), pressed('ArrowRight'), pressed('ArrowRight')].reduce(viewerReducer, reviewing);
  expect(on.review?.capturedAt).toBe(1002);
  expect(viewOf(on, 'a').pictures).toHaveLength(3);
  expect(viewerReducer(on, pressed('Escape')).review).toBeNull();
  expect(viewerReducer(on, pressed('r')).review).toBeNull();
  expect(viewerReducer(reviewing, { kind: 'seek', index: 1 }).review?.capturedAt).toBe(1001);
  expect(opened('', ...run, { kind: 'open-run', run: 'a-1' }).review?.past.id).toBe('a-1');
  expect(opened('', ...run, { kind: 'open-run', run: 'a-7' }).review).toBeNull();
});

it('closes the help before it leaves a review', () => {
  const state = opened('', ...run, pressed('r'), pressed('?'));
  const closed = viewerReducer(state, pressed('Escape'));
  expect([state.help, closed.help, closed.review === null]).toEqual([true, false, false]);
});

it('goes without controls and back, by K or Escape', () => {
  const kiosk = opened('', pressed('k'));
  expect([kiosk.mode, viewerReducer(kiosk, pressed('k')).mode, viewerReducer(kiosk, pressed('Escape')).mode]).toEqual([
    'kiosk',
    'desk',
    'desk',
  ]);
});

it('leaves out a picture that cannot be shown and reports it', () => {
  const bad = { ...a.picture('a-1', 0, 1000), width: 0 };
  const state = opened('', heard(bad), heard({ ...bad, width: 9000 }), heard(a.state('live')));
  expect(viewOf(state, 'a').pictures).toEqual([]);
  expect(state.notices).toMatchObject([{ kind: 'picture', count: 2, text: 'A picture of 9000 × 3 pixels: expected 1 to 8192 each way' }]);
  expect(viewOf(state, 'a').state).toBe('live');
  expect(viewerReducer(state, { kind: 'dismiss', of: 'picture' }).notices).toEqual([]);
});

it('refuses a picture that is sent too large, whatever it was captured as', () => {
  const state = opened('', heard({ ...a.picture('a-1', 0, 1000), encodedWidth: 9000 }));
  expect(state.notices).toMatchObject([{ text: 'A picture of 9000 × 3 pixels: expected 1 to 8192 each way' }]);
});

it('takes no picture for the newest that proved unreadable', () => {
  const state = opened('', ...run);
  const [, bad] = viewOf(state, 'a').pictures;
  if (!bad) throw new Error('Expected two pictures');
  const after = viewerReducer(state, { kind: 'unreadable', stream: 'a', picture: bad, why: 'A picture that cannot be decoded', at: 1000 });
  expect(viewOf(after, 'a').pictures).toEqual([viewOf(state, 'a').pictures[0]]);
  expect(after.notices).toMatchObject([{ kind: 'picture', text: 'A picture that cannot be decoded' }]);
});

it('takes nothing of a former start of the server for the present, and does not mix its runs with those of the same name', () => {
  const again = viewerReducer(opened('', ...run, pressed('r')), { ...hello, message: { ...hello.message, epoch: 'f' } } as ViewerEvent);
  expect(again).toMatchObject({ epoch: 'f', review: { capturedAt: 1000, past: { kind: 'kept' } } });
  expect(viewOf(again, 'a')).toBe(emptyView);
  const more = viewerReducer(again, heard(a.picture('a-1', 0, 5000)));
  expect(more.archive.map((kept) => [kept.run, kept.former, kept.pictures.length])).toEqual([
    ['a-1', false, 1],
    ['a-1', true, 2],
  ]);
  expect(more.review).toEqual(again.review);
  expect(pastRuns(more.archive, [], 'a').map(({ id }) => id)).toContain(more.review?.past.id);
  expect(new Set(pastRuns(more.archive, [], 'a').map(({ id }) => id)).size).toBe(2);
  expect(viewOf(viewerReducer(opened('', ...run), hello), 'a').pictures).toHaveLength(2);
});

it('shows the streams there are when some come and go, and another one when the one it showed is gone', () => {
  const streams = (list: typeof rows): ViewerEvent => ({
    ...hello,
    message: { type: 'streams', streams: list, seq: 0, stream: null, at: 950 },
  });
  const [one, two] = rows as [(typeof rows)[number], (typeof rows)[number]];
  const added = opened('', streams([...rows, { ...one, id: 'c', name: 'C' }]));
  expect([added.rows.map(({ id }) => id), added.chosen, added.since]).toEqual([[one.id, two.id, 'c'], one.id, opened('').since]);
  expect(opened('', streams([two])).chosen).toBe(two.id);
  expect([...opened('wall', heard(a.state('live')), heard(b.state('live')), streams([two])).views.keys()]).toEqual(['b']);
  expect(opened(`stream=${one.id}&kiosk`, streams([two])).chosen).toBe(one.id);
});

it('counts from hello what comes late, on the server’s clock', () => {
  expect(opened('').since).toBe(900);
});

it('is disconnected until the server answers again', () => {
  const gone = opened('', { kind: 'link', link: 'open', reason: '' }, { kind: 'link', link: 'gone', reason: 'closed (1006)' });
  expect(gone).toMatchObject({ link: 'gone', linkReason: 'closed (1006)' });
  expect(viewerReducer(gone, { kind: 'link', link: 'open', reason: '' }).link).toBe('open');
});

it('names every key once in its help, and leaves keys with Ctrl, Alt or Meta to the browser', () => {
  const keys = shortcuts.flatMap((shortcut) => (shortcut.keys.length === 1 ? shortcut.keys : []));
  expect(new Set(keys).size).toBe(keys.length);
  for (const held of ['ctrlKey', 'altKey', 'metaKey'])
    expect(commandOf({ key: 'f', ctrlKey: false, altKey: false, metaKey: false, [held]: true })).toBeNull();
  expect(commandOf({ key: 'x', ctrlKey: false, altKey: false, metaKey: false })).toBeNull();
});
