import { OVERLOADED, PICTURES_LATE, REPLAY, type StreamState } from '../../event';
import { type ServerConnection, livePicture, type StreamView } from './stream-view';

/** Why a stream is lost, in the word that stands in the place of “Signal lost”: what somebody has to do differs. */
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

/** What must be seen from three metres. */
export interface DisplayState {
  readonly kind: DisplayKind;
  readonly word: string;
  readonly meaning: string;
  /** Whether the picture shows what is happening, or only what was: then it is veiled. */
  readonly current: boolean;
}

const words: Readonly<Record<DisplayKind, readonly [word: string, meaning: string]>> = {
  connecting: ['Connecting', 'no picture has come yet'],
  live: ['Live', 'new acquisitions arrive'],
  held: ['Held', 'last image hold: the image stands still'],
  frozen: ['Frozen', 'the feed stands still: what is shown is old'],
  lost: ['Signal lost', 'the connection to the source is gone'],
  ended: ['Ended', 'the recording is over'],
  delayed: ['Delayed', 'pictures come late over the network'],
  blank: ['Blank', 'the monitor shows no image: what you see is the last one before'],
  replay: ['Replay', 'the monitor shows earlier images once more: what you see is the last new one'],
  silent: ['No answer', 'the server says nothing'],
  disconnected: ['Disconnected', 'no answer from the server'],
};

/** A picture that comes later than this shows the past. */
const LATE_MS = 1500;
/** For so long a late picture says something about the next. */
const LATE_COUNTS_MS = 10_000;
/** In a run, a picture is due within this time, or within some of its usual gaps. */
const DUE_MS = 4000;
const DUE_GAPS = 4;

/** `rateHz`: unique acquisitions per second, null where unknown. `now`: the server's clock. */
export function displayState(view: StreamView, link: ServerConnection, rateHz: number | null, now: number): DisplayState {
  const kind = glanceKind(view, link, rateHz, now);
  if (link === 'refused') return { kind, word: 'No access', meaning: 'the server does not let this screen in', current: false };
  const [usual, meaning] = words[kind];
  // A recording that cannot be read has ended, too.
  const word = kind === 'lost' || (kind === 'ended' && view.detail !== undefined) ? lostWord(view) : usual;
  const isTold = kind === view.state || (kind === 'delayed' && reachLate(view));
  const told = (isTold && (view.detail ?? view.reason)) || meaning;
  return { kind, word, meaning: kind === 'connecting' && link === 'connecting' ? 'to the server' : told, current: isCurrent(kind) };
}

export function isCurrent(kind: DisplayKind): boolean {
  return kind === 'live' || kind === 'held';
}

function glanceKind(view: StreamView, link: ServerConnection, rateHz: number | null, now: number): DisplayKind {
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
  return reachLate(view) || (isCurrent(view.state) && isBehind(view, rateHz, now)) ? 'delayed' : view.state;
}

/** What the server says of a stream whose monitor shows nothing: pictures arrive, and none of them is sent. */
const BLANK = 'blank picture';

/** Whether pictures reach the server late. */
function reachLate({ state, reason }: StreamView): boolean {
  return state === 'frozen' && (reason === PICTURES_LATE || reason === OVERLOADED);
}

function isBehind(view: StreamView, rateHz: number | null, now: number): boolean {
  const { late, state, phase } = view;
  if (late && late.byMs > LATE_MS && now - late.at < LATE_COUNTS_MS) return true;
  const newest = livePicture(view);
  if (state !== 'live' || phase !== 'started' || !newest) return false;
  return now - newest.facts.capturedAt > Math.max(DUE_MS, rateHz ? (1000 / rateHz) * DUE_GAPS : 0);
}
