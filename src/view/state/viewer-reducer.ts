import type { FrameMessage, MaskMessage } from '../../protocol/messages';
import type { StreamStatus } from '../../protocol/stream-status';
import type { AnyReceived } from '../../receive/client-events';
import type { KeyFrameTrace } from '../../tracing/key-frame-trace';
import type { RecordedRun } from '../review/recorded-run';
import { reviewAfterRestart, completeReview, pastRuns, refreshReview, reviewOf, seekReview } from '../review/review';
import { applyCommand, type Command } from './command';
import { dismissNotice, addNotice, pictureFault } from './notices';
import { withPainted } from './painted-delays';
import { ofFormerServer, runArchive } from './run-archive';
import { type EncodedPicture, type ServerConnection, type ReceivedMask, streamView, withoutPicture } from './stream-view';
import { viewOf, type Readiness, type ViewerState } from './viewer-state';

/** What can happen to what the page knows. `at`: server's clock, which is only guessed at until it is `synced`. */
export type ViewerEvent =
  | { readonly kind: 'message'; readonly message: AnyReceived; readonly at: number; readonly synced: boolean }
  | {
      readonly kind: 'link';
      readonly link: Exclude<ServerConnection, 'connecting'>;
      readonly reason: string;
      readonly code?: string | undefined;
    }
  | { readonly kind: 'notice'; readonly of: string; readonly text: string; readonly at: number }
  /** A picture that the browser cannot decode, or that is not what was announced. */
  | { readonly kind: 'unreadable'; readonly stream: string; readonly picture: EncodedPicture; readonly why: string; readonly at: number }
  | { readonly kind: 'dismiss'; readonly of: string }
  | { readonly kind: 'rows'; readonly rows: readonly StreamStatus[] }
  | { readonly kind: 'readiness'; readonly readiness: Readiness }
  | { readonly kind: 'recorded'; readonly runs: readonly RecordedRun[] }
  /** What the server had of a run under review. */
  | {
      readonly kind: 'completed';
      readonly run: string;
      readonly pictures: readonly EncodedPicture[];
      readonly masks: readonly ReceivedMask[];
    }
  | { readonly kind: 'traces'; readonly traces: readonly KeyFrameTrace[] }
  | { readonly kind: 'painted'; readonly timing: MaskMessage['timing']; readonly at: number }
  | { readonly kind: 'choose'; readonly stream: string; readonly at: number }
  | { readonly kind: 'open-run'; readonly run: string }
  | { readonly kind: 'seek'; readonly index: number }
  | { readonly kind: 'command'; readonly command: Command; readonly at: number };

/** What the page knows after something happened. */
export function viewerReducer(state: ViewerState, event: ViewerEvent): ViewerState {
  switch (event.kind) {
    case 'message':
      return afterMessage(state, event.message, event);
    case 'link':
      return { ...state, link: event.link, linkReason: event.reason, linkCode: event.code ?? '' };
    case 'notice':
      return { ...state, notices: addNotice(state.notices, event.of, event.text, event.at) };
    case 'unreadable': {
      const views = new Map(state.views).set(event.stream, withoutPicture(viewOf(state, event.stream), event.picture));
      return { ...state, views, notices: addNotice(state.notices, 'picture', event.why, event.at) };
    }
    case 'dismiss':
      return { ...state, notices: dismissNotice(state.notices, event.of) };
    case 'rows':
      return { ...state, rows: event.rows };
    case 'readiness':
      return { ...state, readiness: event.readiness };
    case 'recorded':
      return { ...state, recorded: event.runs };
    case 'completed':
      return state.review ? { ...state, review: completeReview(state.review, event.run, event.pictures, event.masks) } : state;
    case 'traces':
      return { ...state, traces: event.traces };
    case 'painted':
      return { ...state, delays: withPainted(state.delays, event.timing, event.at) };
    case 'choose':
      return chooseStream(state, event.stream, event.at);
    case 'open-run': {
      const past = pastRuns(state.archive, state.recorded, state.chosen).find(({ id }) => id === event.run);
      return past ? { ...state, review: reviewOf(past) } : state;
    }
    case 'seek':
      return state.review ? { ...state, review: seekReview(state.review, event.index) } : state;
    case 'command': {
      if (state.fixed) return state;
      const { command, at } = event;
      if (command.kind !== 'stream') return applyCommand(state, command);
      const row = state.rows[command.index];
      return row ? chooseStream(state, row.id, at) : state;
    }
  }
}

function afterMessage(
  state: ViewerState,
  message: AnyReceived,
  { at, synced }: { readonly at: number; readonly synced: boolean },
): ViewerState {
  const { stream } = message;
  if (message.type === 'hello' || message.type === 'streams') {
    const known = message.streams.some(({ id }) => id === state.chosen);
    // A screen that was put up for one stream never shows another.
    const other = known || state.fixed ? state.chosen : (message.streams[0]?.id ?? '');
    const here = message.type === 'hello' ? { ...afterServerStart(state, message.epoch), since: message.at } : state;
    const views = new Map([...here.views].filter(([id]) => id === other || message.streams.some((row) => row.id === id)));
    const unknown = !known && state.chosen !== '' && !state.fixed;
    const text = `There is no stream ${state.chosen}: this is ${other === '' ? 'none' : other}`;
    const notices = unknown ? addNotice(here.notices, 'stream', text, at) : here.notices;
    return chooseStream({ ...here, rows: message.streams, views, notices }, other, message.at);
  }
  // The page says by itself that there is no such stream, and shows another.
  if (message.type === 'error' && message.code === 'unknown-stream') return state;
  if (message.type === 'error')
    return { ...state, notices: addNotice(state.notices, message.code, `The server objects: ${message.message}`, at) };
  if (stream === null || (state.mode !== 'wall' && stream !== state.chosen)) return state;
  const fault = message.type === 'frame' ? frameFault(message) : null;
  if (fault !== null) return { ...state, notices: addNotice(state.notices, 'picture', fault, at) };
  const view = streamView(viewOf(state, stream), message, { at, since: state.since, synced });
  const views = new Map(state.views).set(stream, view);
  if (state.mode === 'wall' || state.fixed) return { ...state, views };
  const archive = runArchive(state.archive, message);
  return { ...state, views, archive, review: state.review && refreshReview(state.review, archive) };
}

/** As captured, and as sent. */
function frameFault({ width, height, encodedWidth, encodedHeight }: FrameMessage): string | null {
  return pictureFault({ width, height }) ?? pictureFault({ width: encodedWidth, height: encodedHeight });
}

/** A server that was started anew knows nothing of what was before: neither do its streams here, until it says more. */
function afterServerStart(state: ViewerState, epoch: string): ViewerState {
  if (epoch === state.epoch) return state;
  // What was asked of it before it said so is of this one.
  if (state.epoch === null) return { ...state, epoch };
  return {
    ...state,
    epoch,
    views: new Map(),
    archive: ofFormerServer(state.archive),
    recorded: [],
    traces: [],
    review: state.review && reviewAfterRestart(state.review),
  };
}

/** Another stream begins from nothing: what was known of it may be long ago. */
function chooseStream(state: ViewerState, stream: string, at: number): ViewerState {
  return stream === state.chosen ? state : { ...state, chosen: stream, views: new Map(), recorded: [], review: null, since: at };
}
