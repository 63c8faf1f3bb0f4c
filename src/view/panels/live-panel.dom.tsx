import type { Actions } from '../actions.dom';
import type { Glance } from '../state/display-state';
import { Mark } from './mask-label.dom';
import { liveOverlay } from '../state/overlay';
import { Picture } from '../drawing/picture.dom';
import { shownAreas } from '../drawing/shown-areas';
import { livePicture } from '../state/stream-view';
import { Veil } from './stale-overlay.dom';
import { rowOf, type ViewerState, viewOf } from '../state/viewer-state';

interface LivePanelProps {
  readonly state: ViewerState;
  readonly glance: Glance;
  readonly now: number;
  readonly act: Actions;
}

/** The newest picture. */
export function LivePanel({ state, glance, now, act }: LivePanelProps) {
  const view = viewOf(state, state.chosen);
  const row = rowOf(state);
  return (
    <figure id="live-panel" data-state={glance.kind} aria-label="Live picture">
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
            <Veil glance={glance} capturedAt={shown?.capturedAt ?? null} now={now} id="live-age" />
            {!shown && glance.current && <p class="empty">No picture yet</p>}
            <Mark id="live-mark" overlay={overlay} />
          </>
        )}
      </Picture>
    </figure>
  );
}
