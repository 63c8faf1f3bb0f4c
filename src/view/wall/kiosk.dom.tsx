import type { Actions } from '../actions.dom';
import { Ready, reasonOf } from '../panels/header.dom';
import { NoticeList, RefusalPanel } from '../panels/notices.dom';
import { KeyPanel, LivePanel } from '../panels/pictures.dom';
import { StateIcon } from '../panels/status.dom';
import type { DisplayState } from '../state/display-state';
import { age, RESEARCH_USE } from '../state/format';
import { largestInShort, maskFailed } from '../state/mask-text';
import { recent } from '../state/notices';
import { isHistory, livePicture, type ServerConnection, type StreamView } from '../state/stream-view';
import { failureOf, rowOf, type ViewerState, viewOf } from '../state/viewer-state';

interface KioskProps {
  readonly state: ViewerState;
  readonly display: DisplayState;
  readonly now: number;
  readonly act: Actions;
}

/** One stream for people who stand away from it: three facts in large letters, the live picture, the key frame. What else there is to say is for who comes near. */
export function Kiosk({ state, display, now, act }: KioskProps) {
  const row = rowOf(state);
  const view = viewOf(state, state.chosen);
  const failed = maskFailed(view, state.chosen, failureOf(state, state.chosen));
  const bare = { ...state, settings: { ...state.settings, labels: false } };
  return (
    <>
      <header>
        <FarFacts view={view} link={state.link} display={display} now={now} failed={failed} id="state" />
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
      <NoticeList notices={state.fixed ? recent(state.notices, now) : state.notices} act={act} />
    </>
  );
}

interface FarFactsProps {
  readonly view: StreamView;
  readonly link: ServerConnection;
  readonly display: DisplayState;
  readonly now: number;
  /** Why the latest key frame has no mask. */
  readonly failed: string | null;
  /** Of the element with the state. */
  readonly id?: string;
  /** In few letters, where there is little room. */
  readonly brief?: boolean;
}

/** What is read from three metres, and nothing else: the state, how old the picture is, the largest lesion. */
export function FarFacts({ view, link, display, now, failed, id, brief = false }: FarFactsProps) {
  const newest = livePicture(view);
  const history = isHistory(view, link) || (view.mask !== null && view.mask.facts.run !== view.run);
  const none = (words: string): string => (brief ? '–' : words);
  return (
    <p class="headline">
      <span id={id} class="state" role="status" data-state={display.kind}>
        <StateIcon kind={display.kind} /> {display.word}
      </span>
      <span class="age" title="Age of the picture">
        {newest ? `${age(now - newest.facts.capturedAt)}${brief ? '' : ' old'}` : none('no picture')}
      </span>
      <span class="largest-lesion" title="Largest lesion" data-invalid={String(history)}>
        {failed ?? (history ? none('no mask now') : largestInShort(view).replace(/^no mask$/, none))}
      </span>
    </p>
  );
}
