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

/** The newest picture. */
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
        fault={(bad, why) => act.unreadable(state.chosen, bad, why)}
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

/** The key frame with its mask, always on its own picture; dimmed once it is history. While the monitor shows an earlier run once more, of that run. */
export function KeyPanel({ state, now, act }: KeyPanelProps) {
  const stream = state.chosen;
  const view = shownRun(state);
  const again = view.replayedRun !== undefined && view.run === view.replayedRun ? 'shown once more: ' : '';
  const history = isHistory(view, state.link);
  return (
    <figure id="key-panel" data-invalid={String(history)} aria-label="Key frame">
      <figcaption>
        <strong>Key frame</strong>
        <span id="mask-state" data-invalid={String(history)}>
          {again}
          {maskState(view, stream, state.link, now, failureOf(state, stream))}
        </span>
      </figcaption>
      <Picture
        id="key"
        label="Key frame with tumour mask"
        picture={keyPicture(view)}
        overlayOn={(shown) => keyOverlay(view, shown)}
        settings={state.settings}
        fault={(bad, why) => act.unreadable(stream, bad, why)}
        painted={(mask) => again === '' && act.painted(stream, mask)}
      >
        {(shown) => !shown && <p class="placeholder">{view.mask ? 'Its picture is on the way' : 'No key frame yet'}</p>}
      </Picture>
    </figure>
  );
}
