import type { Actions } from '../actions.dom';
import { Picture } from '../drawing/picture.dom';
import { shownAreas } from '../drawing/shown-areas';
import type { DisplayState } from '../state/display-state';
import { maskState } from '../state/mask-text';
import { keyOverlay, liveOverlay } from '../state/overlay';
import { isHistory, keyPicture, livePicture } from '../state/stream-view';
import { failureOf, rowOf, shownRun, type ViewerState, viewOf } from '../state/viewer-state';
import { MaskLabel, StaleOverlay } from './status.dom';

interface LivePanelProps {
  readonly state: ViewerState;
  readonly display: DisplayState;
  readonly now: number;
  readonly act: Actions;
}

/** The newest picture of the live feed. */
export function LivePanel({ state, display, now, act }: LivePanelProps) {
  const view = viewOf(state, state.chosen);
  const row = rowOf(state);
  return (
    <figure id="live-panel" data-state={display.kind} aria-label="Live picture">
      <Picture
        id="live"
        label="Live picture"
        picture={livePicture(view)}
        overlayOn={(shown) => liveOverlay(view, shown, now, state.link === 'open')}
        areasOn={(shown) => shownAreas(row, shown)}
        settings={state.settings}
        fault={(bad, reason) => act.reportUnreadable(state.chosen, bad, reason)}
      >
        {(shown, overlay) => (
          <>
            <StaleOverlay display={display} capturedAt={shown?.capturedAt ?? null} now={now} id="live-age" />
            {!shown && display.current && <p class="placeholder">No picture yet</p>}
            <MaskLabel id="live-mask-label" overlay={overlay} />
          </>
        )}
      </Picture>
    </figure>
  );
}

interface KeyPanelProps {
  readonly state: ViewerState;
  readonly now: number;
  readonly act: Actions;
}

/** The key frame of the run on the monitor, also when that is replayed, with its mask; dimmed once it is history. */
export function KeyPanel({ state, now, act }: KeyPanelProps) {
  const stream = state.chosen;
  const view = shownRun(state);
  const replayNote = view.replayedRun !== undefined && view.run === view.replayedRun ? 'shown once more: ' : '';
  const history = isHistory(view, state.link);
  return (
    <figure id="key-panel" data-invalid={String(history)} aria-label="Key frame">
      <figcaption>
        <strong>Key frame</strong>
        <span id="mask-state" data-invalid={String(history)}>
          {replayNote}
          {maskState(view, stream, state.link, now, failureOf(state, stream))}
        </span>
      </figcaption>
      <Picture
        id="key"
        label="Key frame with tumour mask"
        picture={keyPicture(view)}
        overlayOn={(shown) => keyOverlay(view, shown)}
        settings={state.settings}
        fault={(bad, reason) => act.reportUnreadable(stream, bad, reason)}
        painted={(mask) => replayNote === '' && act.painted(stream, mask)}
      >
        {(shown) => !shown && <p class="placeholder">{view.mask ? 'Its picture is on its way' : 'No key frame yet'}</p>}
      </Picture>
    </figure>
  );
}
