import { OVERLOADED, PICTURES_LATE, REPLAY, type StreamState } from '../../event';
import { type ServerConnection, livePicture, type StreamView } from './stream-view';

/** The word in the place of “Signal lost”, by the reason: what to do about it differs. */
export function lostWord({ reason, detail = '', pictures, run }: Pick<StreamView, 'reason' | 'detail' | 'pictures' | 'run'>): string {
  switch (reason) {
    case 'no such device':
      return 'No device';
    case 'not found':
      return 'Not found';
    case 'unauthorised':
      return /forbidden$|permission denied$/.test(detail) ? 'No permission' : 'Wrong password';
    case 'refused':
      return /in use$/.test(detail) ? 'In use' : 'Refused';
    default:
      if (reason.includes('lies outside the picture')) return 'Wrong area';
      return pictures.length > 0 || run !== null ? 'Signal lost' : 'No signal';
  }
}

export type DisplayKind = StreamState | 'delayed' | 'blank' | 'replay' | 'silent' | 'disconnected';

/** The state of a stream, to be seen from three metres. */
export interface DisplayState {
  readonly kind: DisplayKind;
  readonly word: string;
  readonly meaning: string;
  /** Whether the picture shows the present; if not, an overlay says so. */
  readonly current: boolean;
}

const labels: Readonly<Record<DisplayKind, readonly [word: string, meaning: string]>> = {
  connecting: ['Connecting', 'no picture has come yet'],
  live: ['Live', 'new acquisitions arrive'],
  held: ['Held', 'last image hold: the image stands still'],
  frozen: ['Frozen', 'the feed stands still: what is shown is old'],
  lost: ['Signal lost', 'the connection to the source is gone'],
  ended: ['Ended', 'the recording is over'],
  delayed: ['Delayed', 'pictures come late over the network'],
  blank: ['Blank', 'the monitor shows no image: this is the last one before'],
  replay: ['Replay', 'the monitor shows earlier images again: this is the last new one'],
  silent: ['No answer', 'the server says nothing'],
  disconnected: ['Disconnected', 'no answer from the server'],
};

/** A picture later than this shows the past. */
const LATE_MS = 1500;
/** For so long after a late picture, the next ones count as late. */
const LATE_COUNTS_MS = 10_000;
/** In a run, the next picture is due within this time, or within some acquisition intervals. */
const DUE_MS = 4000;
const DUE_INTERVALS = 4;

/** `rateHz`: unique acquisitions per second, null where unknown. `now`: the server's clock. */
export function displayState(view: StreamView, link: ServerConnection, rateHz: number | null, now: number): DisplayState {
  const kind = displayKind(view, link, rateHz, now);
  if (link === 'refused') return { kind, word: 'No access', meaning: 'the server does not let this screen in', current: false };
  const [usual, meaning] = labels[kind];
  // A recording that cannot be read has ended, too.
  const word = kind === 'lost' || (kind === 'ended' && view.detail !== undefined) ? lostWord(view) : usual;
  const isServerState = kind === view.state || (kind === 'delayed' && arrivesLate(view));
  const detail = (isServerState && (view.detail ?? view.reason)) || meaning;
  return { kind, word, meaning: kind === 'connecting' && link === 'connecting' ? 'to the server' : detail, current: isCurrent(kind) };
}

export function isCurrent(kind: DisplayKind): boolean {
  return kind === 'live' || kind === 'held';
}

function displayKind(view: StreamView, link: ServerConnection, rateHz: number | null, now: number): DisplayKind {
  switch (link) {
    case 'connecting':
    case 'silent':
      return link;
    case 'gone':
    case 'refused':
      return 'disconnected';
    case 'open':
  }
  if (view.state === 'held' && view.reason === BLANK) return 'blank';
  if (view.state === 'held' && view.reason === REPLAY) return 'replay';
  return arrivesLate(view) || (isCurrent(view.state) && isBehind(view, rateHz, now)) ? 'delayed' : view.state;
}

/** The server's reason while the monitor shows nothing: pictures arrive, and none is sent. */
const BLANK = 'blank picture';

/** Whether pictures reach the server late, or more of them than it can process. */
function arrivesLate({ state, reason }: StreamView): boolean {
  return state === 'frozen' && (reason === PICTURES_LATE || reason === OVERLOADED);
}

function isBehind(view: StreamView, rateHz: number | null, now: number): boolean {
  const { late, state, phase } = view;
  if (late && late.byMs > LATE_MS && now - late.at < LATE_COUNTS_MS) return true;
  const newest = livePicture(view);
  if (state !== 'live' || phase !== 'started' || !newest) return false;
  return now - newest.facts.capturedAt > Math.max(DUE_MS, rateHz ? (1000 / rateHz) * DUE_INTERVALS : 0);
}
