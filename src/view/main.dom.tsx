import { render } from 'preact';
import { topics } from '../protocol/messages';
import { connect, type Wish } from '../receive/connect.dom';
import type { Actions } from './actions.dom';
import { App } from './app.dom';
import { savePicture } from './drawing/saved-picture.dom';
import { failVisibly } from './failure.dom';
import { Inquiries } from './polling.dom';
import { Server } from './server.dom';
import { fromQuery } from './state/access';
import { commandOf, type Command } from './state/command';
import { displayState } from './state/display-state';
import { fromStored } from './state/settings';
import { keyPicture } from './state/stream-view';
import { viewerReducer, type ViewerEvent } from './state/viewer-reducer';
import { rowOf, viewerState, type ViewerState, viewOf } from './state/viewer-state';
import { beginWith, givenToken, remember, remembered, usableToken } from './storage.dom';
import { wallWidth } from './wall/wall-layout';

const SETTINGS = 'angiocast.settings';
const AGES_EVERY_MS = 200;
/** A window that is pulled larger is large enough when it stays so. */
const RESIZED_AFTER_MS = 500;
/** A mask whose picture does not come (this screen was too slow for it) is asked for once more after so long. */
const PICTURE_DUE_MS = 1500;

let failed = false;
failVisibly(() => (failed = true));
const asked = fromQuery(new URLSearchParams(location.search));
const address = { ...asked, token: givenToken(asked.token) };
const token = usableToken(address.token);
const server = new Server(token);
let state = viewerState(address, fromStored(remembered(SETTINGS)));
let scheduled = false;

/** Pictures of one stream as captured; of a wall, which is known once the streams are, no larger than its tiles. */
function wish(): Wish {
  const { mode, chosen, rows } = state;
  if (mode !== 'wall') return { streams: chosen === '' ? [] : [chosen], topics: chosen === '' ? ['stream'] : topics, maxWidth: null };
  const maxWidth = wallWidth(rows.length, { width: innerWidth, height: innerHeight }, devicePixelRatio);
  return { streams: [], topics: rows.length === 0 ? ['stream'] : topics, maxWidth };
}

let wished = JSON.stringify(wish());
const client = connect({ ...wish(), ...(token === undefined ? {} : { token }) });

function wishAnew(): void {
  const before = wished;
  wished = JSON.stringify(wish());
  if (wished !== before) client.subscribe(wish());
}

const inquiries = new Inquiries(server, () => state, happen);

function happen(event: ViewerEvent): void {
  const before = state;
  state = viewerReducer(state, event);
  if (state === before) return;
  follow(before);
  schedule();
}

/** What the world outside must hear of a change. */
function follow(before: ViewerState): void {
  if (state.settings !== before.settings) remember(SETTINGS, JSON.stringify(state.settings));
  wishAnew();
  if (state.chosen !== before.chosen && state.mode !== 'wall') {
    const url = new URL(location.href);
    url.searchParams.set('stream', state.chosen);
    history.replaceState(null, '', url);
  }
  inquiries.follow(before);
  const { mask } = viewOf(state, state.chosen);
  if (mask && mask !== viewOf(before, state.chosen).mask) setTimeout(askForKeyPicture, PICTURE_DUE_MS, mask);
}

function askForKeyPicture(mask: unknown): void {
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
  const seen = displayState(viewOf(state, state.chosen), state.link, row?.acquisitionRateHz ?? null, now);
  const { dataset } = document.body;
  dataset.connected = String(state.link === 'open');
  dataset.current = String(seen.current);
  dataset.mode = state.mode;
  document.title = state.mode === 'wall' ? 'angiocast wall' : `${seen.word} · ${row?.name ?? ''} · angiocast`;
  render(<App state={state} display={seen} now={now} act={act} />, document.body);
}

async function save(): Promise<void> {
  const notSaved = (why: string): void => happen({ kind: 'notice', of: 'save', text: `Not saved: ${why}`, at: client.now() });
  try {
    if (!(await savePicture(state, client.now()))) notSaved('this screen has no picture to save here');
  } catch (error) {
    notSaved(String(error));
  }
}

function command(wish: Command): void {
  if (wish.kind === 'save' && !state.fixed) void save();
  happen({ kind: 'command', command: wish, at: client.now() });
}

const act: Actions = {
  command,
  unreadable: (stream, picture, why) => happen({ kind: 'unreadable', stream, picture, why, at: client.now() }),
  choose: (stream) => happen({ kind: 'choose', stream, at: client.now() }),
  openRun: (run) => happen({ kind: 'open-run', run }),
  seek: (index) => happen({ kind: 'seek', index }),
  useToken: beginWith,
  dismiss: (of) => happen({ kind: 'dismiss', of }),
  painted: (stream, { seq, facts }) => {
    const at = client.now();
    client.painted({ stream, seq, frame: facts.frame }, at);
    // What was published before this screen listened says nothing of its delay.
    if (facts.timing.publishedAt >= state.since) happen({ kind: 'painted', timing: facts.timing, at });
  },
  pictureOf: (run) => server.picture(run),
};

client.on('message', (message) => happen({ kind: 'message', message, at: client.now(), synced: client.clock !== null }));
client.on('problem', ({ kind, detail }) => happen({ kind: 'notice', of: kind, text: detail, at: client.now() }));
client.on('connection', ({ state: link, reason, code }) => {
  if (link === 'open' || link === 'silent' || link === 'refused') happen({ kind: 'link', link, reason, code });
  if (link === 'waiting' || link === 'closed') happen({ kind: 'link', link: 'gone', reason });
});

document.addEventListener('keydown', (event) => {
  // Who types a token presses no keys of ours.
  const typing = event.target instanceof HTMLInputElement && event.target.type !== 'range';
  const wish = typing ? null : commandOf(event, state.settings.keys);
  // Escape closes a dialog by itself.
  if (!wish || (state.help && wish.kind !== 'help')) return;
  if (wish.kind === 'step' || wish.kind === 'other-run') {
    if (!state.review) return;
    event.preventDefault();
  }
  command(wish);
});

let resized = 0;
addEventListener('resize', () => {
  clearTimeout(resized);
  resized = setTimeout(wishAnew, RESIZED_AFTER_MS);
});

setInterval(schedule, AGES_EVERY_MS);
schedule();
