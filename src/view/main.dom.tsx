import { render } from 'preact';
import { topics } from '../protocol/messages';
import { connect, type Subscription } from '../receive/connect.dom';
import type { Actions } from './actions.dom';
import { App } from './app.dom';
import { savePicture } from './drawing/saved-picture.dom';
import { failVisibly } from './failure.dom';
import { Polling } from './polling.dom';
import { Server } from './server.dom';
import { fromQuery } from './state/access';
import { commandOf, type Command } from './state/command';
import { displayState } from './state/display-state';
import { fromStored } from './state/settings';
import { keyPicture } from './state/stream-view';
import { viewerReducer, type ViewerEvent } from './state/viewer-reducer';
import { rowOf, viewerState, type ViewerState, viewOf } from './state/viewer-state';
import { givenToken, reloadWithToken, storedSettings, storeSettings, usableToken } from './storage.dom';
import { wallPictureWidth } from './wall/wall-layout';

const REPAINT_PERIOD_MS = 200;
/** A window counts as resized once its size stays. */
const RESIZED_AFTER_MS = 500;
/** A mask whose picture has not come by then, because this screen was too slow, is requested again. */
const PICTURE_DUE_MS = 1500;

let failed = false;
failVisibly(() => (failed = true));
const query = fromQuery(new URLSearchParams(location.search));
const address = { ...query, token: givenToken(query.token) };
const token = usableToken(address.token);
const server = new Server(token);
let state = viewerState(address, fromStored(storedSettings()));
let scheduled = false;

/** One stream in pictures as captured; on a wall, once they are known, all streams no larger than their tiles. */
function subscription(): Subscription {
  const { mode, chosen, rows } = state;
  if (mode !== 'wall') return { streams: chosen === '' ? [] : [chosen], topics: chosen === '' ? ['stream'] : topics, maxWidth: null };
  const maxWidth = wallPictureWidth(rows.length, { width: innerWidth, height: innerHeight }, devicePixelRatio);
  return { streams: [], topics: rows.length === 0 ? ['stream'] : topics, maxWidth };
}

let subscribed = JSON.stringify(subscription());
const client = connect({ ...subscription(), ...(token === undefined ? {} : { token }) });

function resubscribe(): void {
  const before = subscribed;
  subscribed = JSON.stringify(subscription());
  if (subscribed !== before) client.subscribe(subscription());
}

const polling = new Polling(server, () => state, dispatch);

function dispatch(event: ViewerEvent): void {
  const before = state;
  state = viewerReducer(state, event);
  if (state === before) return;
  stateChanged(before);
  schedule();
}

/** Carries a change to the server, the storage and the address. */
function stateChanged(before: ViewerState): void {
  if (state.settings !== before.settings) storeSettings(JSON.stringify(state.settings));
  resubscribe();
  if (state.chosen !== before.chosen && state.mode !== 'wall') {
    const url = new URL(location.href);
    url.searchParams.set('stream', state.chosen);
    history.replaceState(null, '', url);
  }
  polling.stateChanged(before);
  const { mask } = viewOf(state, state.chosen);
  if (mask && mask !== viewOf(before, state.chosen).mask) setTimeout(requestKeyPicture, PICTURE_DUE_MS, mask);
}

function requestKeyPicture(mask: unknown): void {
  const view = viewOf(state, state.chosen);
  if (view.mask === mask && keyPicture(view) === null) client.subscribe({});
}

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(paint);
}

function paint(): void {
  scheduled = false;
  if (failed) return;
  const now = client.now();
  const row = rowOf(state);
  const display = displayState(viewOf(state, state.chosen), state.link, row?.acquisitionRateHz ?? null, now);
  const { dataset } = document.body;
  dataset.connected = String(state.link === 'open');
  dataset.current = String(display.current);
  dataset.mode = state.mode;
  document.title = state.mode === 'wall' ? 'angiocast wall' : `${display.word} · ${row?.name ?? ''} · angiocast`;
  render(<App state={state} display={display} now={now} act={act} />, document.body);
}

async function save(): Promise<void> {
  const notSaved = (reason: string): void => dispatch({ kind: 'notice', of: 'save', text: `Not saved: ${reason}`, at: client.now() });
  try {
    if (!(await savePicture(state, client.now()))) notSaved('there is no picture to save');
  } catch (error) {
    notSaved(String(error));
  }
}

function command(command: Command): void {
  if (command.kind === 'save' && !state.fixed) void save();
  dispatch({ kind: 'command', command, at: client.now() });
}

const act: Actions = {
  command,
  reportUnreadable: (stream, picture, reason) => dispatch({ kind: 'unreadable', stream, picture, why: reason, at: client.now() }),
  choose: (stream) => dispatch({ kind: 'choose', stream, at: client.now() }),
  openRun: (run) => dispatch({ kind: 'open-run', run }),
  seek: (index) => dispatch({ kind: 'seek', index }),
  useToken: reloadWithToken,
  dismiss: (of) => dispatch({ kind: 'dismiss', of }),
  painted: (stream, { seq, facts }) => {
    const at = client.now();
    client.painted({ stream, seq, frame: facts.frame }, at);
    // A mask published before this screen connected tells nothing of its delay.
    if (facts.timing.publishedAt >= state.since) dispatch({ kind: 'painted', timing: facts.timing, at });
  },
  loadPicture: (run) => server.picture(run),
};

client.on('message', (message) => dispatch({ kind: 'message', message, at: client.now(), synced: client.clock !== null }));
client.on('problem', ({ kind, detail }) => dispatch({ kind: 'notice', of: kind, text: detail, at: client.now() }));
client.on('connection', ({ state: link, reason, code }) => {
  if (link === 'open' || link === 'silent' || link === 'refused') dispatch({ kind: 'link', link, reason, code });
  if (link === 'waiting' || link === 'closed') dispatch({ kind: 'link', link: 'gone', reason });
});

document.addEventListener('keydown', (event) => {
  // Typing a token is no command.
  const typing = event.target instanceof HTMLInputElement && event.target.type !== 'range';
  const pressed = typing ? null : commandOf(event, state.settings.keys);
  // Escape closes a dialog by itself.
  if (!pressed || (state.help && pressed.kind !== 'help')) return;
  if (pressed.kind === 'step' || pressed.kind === 'other-run') {
    if (!state.review) return;
    event.preventDefault();
  }
  command(pressed);
});

let resized = 0;
addEventListener('resize', () => {
  clearTimeout(resized);
  resized = setTimeout(resubscribe, RESIZED_AFTER_MS);
});

setInterval(schedule, REPAINT_PERIOD_MS);
schedule();
