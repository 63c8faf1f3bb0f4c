import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Actions } from '../actions.dom';
import { css, paletteAt } from '../drawing/palettes';
import { runName, timeOfDay } from '../state/format';
import { foundInShort, notAssessed } from '../state/mask-text';
import { maskOf } from '../state/run-archive';
import type { Settings } from '../state/settings';
import type { ViewerState } from '../state/viewer-state';
import { recordedInShort, versionOf } from './recorded-run';
import { faceOf, type PastRun, pastRuns } from './review';

const SHOWN = 24;

/** The runs of the stream, newest first; a click opens one. */
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
              <span class="small">{found(past)}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function found(past: PastRun): string {
  if (past.kind === 'kept') {
    const mask = past.run.masks.at(-1);
    return mask ? foundInShort(mask.facts) : (notAssessed(past.run) ?? 'no mask');
  }
  return recordedInShort(past.run);
}

interface ThumbnailProps {
  readonly past: PastRun;
  readonly settings: Settings;
  readonly act: Actions;
}

/** The key frame of a run, small, with the outline of its mask; fetched only when it comes into view. */
export function Thumbnail({ past, settings, act }: ThumbnailProps) {
  const element = useRef<HTMLSpanElement>(null);
  const [seen, setSeen] = useState(false);
  useLayoutEffect(() => {
    const watch = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && setSeen(true));
    if (element.current) watch.observe(element.current);
    return () => watch.disconnect();
  }, []);

  const shown = past.kind === 'kept' ? faceOf(past.run) : null;
  const picture = (): Promise<Blob> | null => {
    if (shown) return Promise.resolve(new Blob([shown.bytes], { type: `image/${shown.facts.encoding}` }));
    return past.kind === 'recorded' ? act.pictureOf(past.run) : null;
  };
  const url = useObjectUrl(seen && (shown ?? (past.kind === 'recorded' && versionOf(past.run))), picture);
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

/** The address of a picture in memory, made anew whenever `of` is another; null until it is there, and for `of` false. */
export function useObjectUrl(of: unknown, picture: () => Promise<Blob> | null): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    let made: string | null = null;
    let gone = false;
    const show = (blob: Blob): void => {
      if (gone) return;
      made = URL.createObjectURL(blob);
      setUrl(made);
    };
    if (of !== false) picture()?.then(show, () => undefined);
    return () => {
      gone = true;
      setUrl(null);
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [of]);
  return url;
}
