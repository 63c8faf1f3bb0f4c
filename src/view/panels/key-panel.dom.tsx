import type { Actions } from '../actions.dom';
import { Picture } from '../drawing/picture.dom';
import { maskState } from '../state/format';
import { keyOverlay } from '../state/overlay';
import { isHistory, keyPicture } from '../state/stream-view';
import { failureOf, shownRun, type ViewerState } from '../state/viewer-state';

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
