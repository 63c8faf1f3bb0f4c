import type { Lesion } from '../mask/tumour-mask';
import { isHistory, type StreamView } from './stream-view';
import { viewOf, type ViewerState } from './viewer-state';
import { area, diameter, runName, statusWords } from './words';

/** The rest is counted: the largest decide. */
const LESIONS_SHOWN = 4;

/** Sizes, run and key frame in figures. */
export function Facts({ state }: { readonly state: ViewerState }) {
  const view = viewOf(state, state.chosen);
  const keyframe = view.keyframes.at(-1);
  return (
    <section id="facts" aria-label="Lesions and run">
      <div>
        <h2>{state.review ? 'Lesions of the live feed' : 'Lesions'}</h2>
        <Lesions view={view} history={isHistory(view, state.link)} />
      </div>
      <dl>
        <div>
          <dt>Run</dt>
          <dd id="run">{view.run === null ? 'none yet' : runName(view.run, state.chosen)}</dd>
          <dd class="small">{view.run === null ? '' : `${view.acquisitions} acquisitions${view.phase === 'ended' ? ', ended' : ''}`}</dd>
        </div>
        <div>
          <dt>Key frame</dt>
          <dd id="keyframe">{keyframe ? `frame ${keyframe.frame}` : 'not yet'}</dd>
          <dd id="keyframe-status" class="small" data-status={keyframe?.status ?? ''} title={keyframe && statusWords[keyframe.status]}>
            {keyframe ? `${keyframe.status}, ${keyframe.lagFrames} later` : 'the image is not stable yet'}
          </dd>
        </div>
      </dl>
    </section>
  );
}

function Lesions({ view: { mask }, history }: { readonly view: StreamView; readonly history: boolean }) {
  const lesions = mask?.facts.lesions ?? [];
  if (lesions.length === 0) return <p id="lesions">{mask ? 'No tumour found' : 'No mask'}</p>;
  return (
    <ol id="lesions" data-invalid={String(history)}>
      {lesions.slice(0, LESIONS_SHOWN).map((lesion, at) => (
        <LesionRow key={at} lesion={lesion} />
      ))}
      {lesions.length > LESIONS_SHOWN && <li class="rest">and {lesions.length - LESIONS_SHOWN} smaller</li>}
    </ol>
  );
}

function LesionRow({ lesion }: { readonly lesion: Lesion }) {
  return (
    <li>
      <strong>{diameter(lesion)}</strong> <span>{area(lesion)}</span>{' '}
      <span title="Mean tumour probability">{Math.round(lesion.confidence * 100)} %</span>
    </li>
  );
}
