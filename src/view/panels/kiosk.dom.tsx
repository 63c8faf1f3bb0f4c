import type { Actions } from '../actions.dom';
import type { DisplayState } from '../state/display-state';
import { maskFailed, RESEARCH_USE } from '../state/format';
import { recent } from '../state/notices';
import { failureOf, rowOf, type ViewerState, viewOf } from '../state/viewer-state';
import { FarFacts } from './far-facts.dom';
import { Ready, reasonOf } from './header.dom';
import { KeyPanel } from './key-panel.dom';
import { LivePanel } from './live-panel.dom';
import { NoticeList } from './notice-list.dom';
import { RefusalPanel } from './refusal-panel.dom';

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
