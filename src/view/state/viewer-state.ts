import type { StreamStatus } from '../../protocol/stream-status';
import type { KeyFrameTrace } from '../../tracing/key-frame-trace';
import type { RecordedRun } from '../review/recorded-run';
import type { Review } from '../review/review';
import type { Address, Mode } from './access';
import type { Notice } from './notices';
import type { PaintedDelay } from './painted-delays';
import type { RunArchive } from './run-archive';
import type { Settings } from './settings';
import { emptyView, type ServerConnection, type StreamView } from './stream-view';

/** What `GET /readyz` says; null while it does not answer. */
export type Readiness = { readonly ready: boolean; readonly reasons: readonly string[] } | null;

/** Everything the page knows. All it shows follows from this and from the time. */
export interface ViewerState {
  readonly mode: Mode;
  /** The address asked for that mode: no key changes it. */
  readonly fixed: boolean;
  readonly link: ServerConnection;
  /** Why the connection is gone, and where it is refused, in a word for programs. */
  readonly linkReason: string;
  readonly linkCode: string;
  /** Whether this page shows a token. */
  readonly tokenGiven: boolean;
  /** Which start of the server this is; null before its first `hello`. */
  readonly epoch: string | null;
  /** When this screen last began to listen, on the server's clock. */
  readonly since: number;
  readonly readiness: Readiness;
  readonly rows: readonly StreamStatus[];
  /** The stream that is shown; on a wall all are. Empty before the first `hello`. */
  readonly chosen: string;
  readonly views: ReadonlyMap<string, StreamView>;
  readonly archive: RunArchive;
  readonly recorded: readonly RecordedRun[];
  readonly review: Review | null;
  readonly settings: Settings;
  readonly notices: readonly Notice[];
  readonly delays: readonly PaintedDelay[];
  readonly help: boolean;
  /** Whether the trace of the mask stands in the place of the chart. */
  readonly tracing: boolean;
  /** Of one run, as the server told them last. */
  readonly traces: readonly KeyFrameTrace[];
}

export function viewerState({ mode, stream, token }: Address, settings: Settings): ViewerState {
  return {
    mode,
    fixed: mode !== 'desk',
    link: 'connecting',
    linkReason: '',
    linkCode: '',
    tokenGiven: token !== undefined,
    epoch: null,
    since: Infinity,
    readiness: null,
    rows: [],
    chosen: stream,
    views: new Map(),
    archive: [],
    recorded: [],
    review: null,
    settings,
    notices: [],
    delays: [],
    help: false,
    tracing: false,
    traces: [],
  };
}

/** The latest inference of a stream that failed. */
export function failureOf({ rows }: ViewerState, stream: string): StreamStatus['lastFailure'] {
  return rows.find(({ id }) => id === stream)?.lastFailure ?? null;
}

/** What the server says of the chosen stream; undefined before it does. */
export const rowOf = ({ rows, chosen }: ViewerState): StreamStatus | undefined => rows.find(({ id }) => id === chosen);

/** The view of a stream; empty before anything was heard of it. */
export function viewOf({ views }: ViewerState, stream: string): StreamView {
  return views.get(stream) ?? emptyView;
}

/** The chosen stream, with the run whose images the monitor shows: an earlier one, while it shows that again. */
export function shownRun(state: ViewerState): StreamView {
  const view = viewOf(state, state.chosen);
  const replayed = state.archive.find(({ run, stream, former }) => run === view.replayedRun && stream === state.chosen && !former);
  if (!replayed || replayed.run === view.run) return view;
  return { ...view, ...replayed, phase: 'ended', mask: replayed.masks.at(-1) ?? null, invalid: null };
}
