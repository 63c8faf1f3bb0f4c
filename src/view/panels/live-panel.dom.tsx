import type { Actions } from '../actions.dom';
import { Picture } from '../drawing/picture.dom';
import { shownAreas } from '../drawing/shown-areas';
import type { DisplayState } from '../state/display-state';
import { liveOverlay } from '../state/overlay';
import { livePicture } from '../state/stream-view';
import { rowOf, type ViewerState, viewOf } from '../state/viewer-state';
import { MaskLabel } from './mask-label.dom';
import { StaleOverlay } from './stale-overlay.dom';

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
