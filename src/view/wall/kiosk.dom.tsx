import type { Actions } from '../actions.dom';
import { Ready, reasonOf } from '../panels/header.dom';
import { NoticeList, RefusalPanel } from '../panels/notices.dom';
import { KeyPanel, LivePanel } from '../panels/pictures.dom';
import { StateIcon } from '../panels/status.dom';
import type { DisplayState } from '../state/display-state';
import { age, RESEARCH_USE } from '../state/format';
import { largestLesion, maskFailure } from '../state/mask-text';
import { recentNotices } from '../state/notices';
import { isHistory, livePicture, type ServerConnection, type StreamView } from '../state/stream-view';
import { failureOf, rowOf, type ViewerState, viewOf } from '../state/viewer-state';

interface KioskProps {
  readonly state: ViewerState;
  readonly display: DisplayState;
  readonly now: number;
  readonly act: Actions;
}

/** One stream to be seen from three metres: the headline, the live picture and the key frame; the rest is small. */
export function Kiosk({ state, display, now, act }: KioskProps) {
  const row = rowOf(state);
  const view = viewOf(state, state.chosen);
  const failed = maskFailure(view, state.chosen, failureOf(state, state.chosen));
  const bare = { ...state, settings: { ...state.settings, labels: false } };
  return (
    <>
      <header>
        <Headline view={view} link={state.link} display={display} now={now} failed={failed} id="state" />
        <h1 class="stream-name">{row?.name ?? state.chosen}</h1>
        <span id="reason">{display.kind === 'live' ? row?.imageAreaHint : reasonOf(state, display, now)}</span>
        <Ready state={state} />
        <strong id="research">{RESEARCH_USE}</strong>
      </header>
      <RefusalPanel state={state} act={act} />
      <main id="kiosk">
        <LivePanel state={bare} display={display} now={now} act={act} />
        <KeyPanel state={bare} now={now} act={act} />
      </main>
      <NoticeList notices={state.fixed ? recentNotices(state.notices, now) : state.notices} act={act} />
    </>
  );
}

interface HeadlineProps {
  readonly view: StreamView;
  readonly link: ServerConnection;
  readonly display: DisplayState;
  readonly now: number;
  /** Why the latest key frame has no mask. */
  readonly failed: string | null;
  /** The id of the element with the state. */
  readonly id?: string;
  /** Shorter, for tiles. */
  readonly brief?: boolean;
}

/** What is read from three metres: the state, the age of the picture, the largest lesion. */
export function Headline({ view, link, display, now, failed, id, brief = false }: HeadlineProps) {
  const newest = livePicture(view);
  const history = isHistory(view, link) || (view.mask !== null && view.mask.facts.run !== view.run);
  const missing = (text: string): string => (brief ? '–' : text);
  return (
    <p class="headline">
      <span id={id} class="state" role="status" data-state={display.kind}>
        <StateIcon kind={display.kind} /> {display.word}
      </span>
      <span class="age" title="Age of the picture">
        {newest ? `${age(now - newest.facts.capturedAt)}${brief ? '' : ' old'}` : missing('no picture')}
      </span>
      <span class="largest-lesion" title="Largest lesion" data-invalid={String(history)}>
        {failed ?? (history ? missing('no mask now') : largestLesion(view).replace(/^no mask$/, missing))}
      </span>
    </p>
  );
}
