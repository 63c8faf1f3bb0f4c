import { useMemo } from 'preact/hooks';
import type { StreamStatus } from '../../protocol/stream-status';
import type { Actions } from '../actions.dom';
import { Picture } from '../drawing/picture.dom';
import { shownAreas } from '../drawing/shown-areas';
import { Model } from '../panels/footer.dom';
import { Ready } from '../panels/header.dom';
import { NoticeList, RefusalPanel } from '../panels/notices.dom';
import { MaskLabel, StaleOverlay } from '../panels/status.dom';
import { streamAddress } from '../state/access';
import { displayState } from '../state/display-state';
import { RESEARCH_USE } from '../state/format';
import { maskFailure } from '../state/mask-text';
import { recentNotices } from '../state/notices';
import { keyOverlay, liveOverlay } from '../state/overlay';
import { type EncodedPicture, isHistory, keyPicture, type ServerConnection, livePicture } from '../state/stream-view';
import { viewOf, type ViewerState } from '../state/viewer-state';
import { Headline } from './kiosk.dom';
import { wallColumns } from './wall-layout';

interface WallProps {
  readonly state: ViewerState;
  readonly now: number;
  readonly act: Actions;
}

const emptyWall: Readonly<Record<ServerConnection, string>> = {
  connecting: 'Connecting',
  open: 'No streams',
  silent: 'No answer from the server',
  gone: 'No answer from the server',
  refused: 'No access',
};

/** Every stream, for a screen that nobody touches. */
export function Wall({ state, now, act }: WallProps) {
  const columns = wallColumns(state.rows.length, { width: innerWidth, height: innerHeight });
  return (
    <>
      <header>
        <h1>angiocast</h1>
        <Model state={state} stream={state.rows[0]?.id ?? ''} />
        <Ready state={state} />
        <strong id="research">{RESEARCH_USE}</strong>
      </header>
      <RefusalPanel state={state} act={act} />
      <main id="wall" style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
        {state.rows.length === 0 && <p class="placeholder">{emptyWall[state.link]}</p>}
        {state.rows.map((row) => (
          <Tile key={row.id} row={row} state={state} now={now} act={act} />
        ))}
      </main>
      <NoticeList notices={recentNotices(state.notices, now)} act={act} />
    </>
  );
}

function Tile({ row, state, now, act }: WallProps & { readonly row: StreamStatus }) {
  const { id, name, acquisitionRateHz } = row;
  const view = viewOf(state, id);
  const display = displayState(view, state.link, acquisitionRateHz, now);
  const history = isHistory(view, state.link);
  const key = keyPicture(view);
  const fault = (bad: EncodedPicture, reason: string): void => act.reportUnreadable(id, bad, reason);
  const bare = useMemo(() => ({ ...state.settings, labels: false }), [state.settings]);
  return (
    <figure class="tile" data-stream={id} data-state={display.kind} aria-label={name}>
      <figcaption>
        <a href={streamAddress(id, new URLSearchParams(location.search).get('token'))}>{name}</a>
        <span class="reason">{display.current ? row.imageAreaHint : display.meaning}</span>
        <Headline view={view} link={state.link} display={display} now={now} failed={maskFailure(view, id, row.lastFailure)} brief />
      </figcaption>
      <div class="tile-pictures">
        <Picture
          id={`live-${id}`}
          label={`Live picture of ${name}`}
          picture={livePicture(view)}
          overlayOn={(shown) => liveOverlay(view, shown, now, state.link === 'open')}
          areasOn={(shown) => shownAreas(row, shown)}
          settings={state.settings}
          fault={fault}
        >
          {(shown, overlay) => (
            <>
              <StaleOverlay display={display} capturedAt={shown?.capturedAt ?? null} now={now} />
              {!shown && display.current && <p class="placeholder">No picture yet</p>}
              <MaskLabel overlay={overlay} />
            </>
          )}
        </Picture>
        <div class="tile-key" data-invalid={String(history)} hidden={!view.mask && !key}>
          <Picture
            id={`key-${id}`}
            label={`Key frame of ${name}`}
            picture={key}
            overlayOn={(shown) => keyOverlay(view, shown)}
            settings={bare}
            fault={fault}
            painted={(mask) => act.painted(id, mask)}
          />
        </div>
      </div>
    </figure>
  );
}
