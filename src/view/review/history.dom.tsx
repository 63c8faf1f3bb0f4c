import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Actions } from '../actions.dom';
import { css, paletteAt } from '../drawing/palettes';
import { runName, timeOfDay } from '../state/format';
import { maskSummary, notAssessed } from '../state/mask-text';
import { maskOf } from '../state/run-archive';
import type { Settings } from '../state/settings';
import type { ViewerState } from '../state/viewer-state';
import { recordedSummary, pictureVersion } from './recorded-run';
import { thumbnailPicture, type PastRun, pastRuns } from './review';

const SHOWN = 24;

/** The runs of the stream, newest first, to be opened by a click. */
export function History({ state, act }: { readonly state: ViewerState; readonly act: Actions }) {
  const runs = pastRuns(state.archive, state.recorded, state.chosen).slice(0, SHOWN);
  return (
    <nav id="history" aria-label="Run history">
      <h2>Runs</h2>
      {runs.length === 0 && <p class="small">None yet</p>}
      <ol>
        {runs.map((past) => (
          <li key={past.id}>
            <button
              type="button"
              data-run={past.id}
              aria-current={state.review?.past.id === past.id}
              title={`Review run ${past.run.run}`}
              onClick={() => act.openRun(past.id)}
            >
              <Thumbnail past={past} settings={state.settings} act={act} />
              <span>
                <b>{runName(past.run.run, state.chosen)}</b> {timeOfDay(past.run.startedAt)}
              </span>
              <span class="small">{summary(past)}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function summary(past: PastRun): string {
  if (past.kind === 'kept') {
    const mask = past.run.masks.at(-1);
    return mask ? maskSummary(mask.facts) : (notAssessed(past.run) ?? 'no mask');
  }
  return recordedSummary(past.run);
}

interface ThumbnailProps {
  readonly past: PastRun;
  readonly settings: Settings;
  readonly act: Actions;
}

/** A small key frame with the outline of its mask; fetched only when it comes into view. */
function Thumbnail({ past, settings, act }: ThumbnailProps) {
  const element = useRef<HTMLSpanElement>(null);
  const [visible, setVisible] = useState(false);
  useLayoutEffect(() => {
    const watch = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && setVisible(true));
    if (element.current) watch.observe(element.current);
    return () => watch.disconnect();
  }, []);

  const shown = past.kind === 'kept' ? thumbnailPicture(past.run) : null;
  const picture = (): Promise<Blob> | null => {
    if (shown) return Promise.resolve(new Blob([shown.bytes], { type: `image/${shown.facts.encoding}` }));
    return past.kind === 'recorded' ? act.loadPicture(past.run) : null;
  };
  const url = useObjectUrl(visible && (shown ?? (past.kind === 'recorded' && pictureVersion(past.run))), picture);
  const mask = past.kind === 'kept' && shown ? maskOf(past.run, shown) : null;
  return (
    <span class="thumbnail" ref={element}>
      {url !== null && !shown && <img src={url} alt="" />}
      {url !== null && shown && (
        <svg viewBox={`0 0 ${shown.facts.width * shown.facts.pixelAspect} ${shown.facts.height}`} aria-hidden="true">
          <g transform={`scale(${shown.facts.pixelAspect} 1)`}>
            <image href={url} width={shown.facts.width} height={shown.facts.height} preserveAspectRatio="none" />
            {mask?.facts.lesions.map(({ contour }, at) => (
              <polygon
                key={at}
                points={contour.map((point) => point.join(',')).join(' ')}
                stroke={css(paletteAt(settings.palette).tumour)}
              />
            ))}
          </g>
        </svg>
      )}
    </span>
  );
}

/** An object URL of a picture, created again when `key` changes; null until then, and while `key` is false. */
export function useObjectUrl(key: unknown, picture: () => Promise<Blob> | null): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    let created: string | null = null;
    let gone = false;
    const show = (blob: Blob): void => {
      if (gone) return;
      created = URL.createObjectURL(blob);
      setUrl(created);
    };
    if (key !== false) picture()?.then(show, () => undefined);
    return () => {
      gone = true;
      setUrl(null);
      if (created !== null) URL.revokeObjectURL(created);
    };
  }, [key]);
  return url;
}
