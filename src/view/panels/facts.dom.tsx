import type { Lesion } from '../../mask/tumour-mask';
import type { KeyFrameFacts } from '../../protocol/messages';
import { runName } from '../state/format';
import { area, diameter, isUncertain, maskSummary, maskFailure, notAssessed, sizeStep, statusText, touchesLiver } from '../state/mask-text';
import { isHistory, type ServerConnection, type StreamView } from '../state/stream-view';
import { failureOf, shownRun, type ViewerState } from '../state/viewer-state';

const LESIONS_SHOWN = 4;

/** Lesions, run and key frame in figures. */
export function Facts({ state }: { readonly state: ViewerState }) {
  const view = shownRun(state);
  const keyframe = view.keyframes.at(-1);
  return (
    <section id="facts" aria-label="Lesions and run">
      <div>
        <h2>{state.review ? 'Lesions of the live feed' : 'Lesions'}</h2>
        <Lesions
          view={view}
          stream={state.chosen}
          history={isHistory(view, state.link)}
          failed={maskFailure(view, state.chosen, failureOf(state, state.chosen))}
        />
      </div>
      <dl>
        <div>
          <dt>Run</dt>
          <dd id="run">{view.run === null ? 'none yet' : runName(view.run, state.chosen)}</dd>
          <dd class="small">{view.run === null ? '' : `${view.acquisitions} acquisitions${view.phase === 'ended' ? ', ended' : ''}`}</dd>
        </div>
        <div>
          <dt>Key frame</dt>
          <dd id="keyframe">{keyframe ? (keyframe.assessed ? `frame ${keyframe.frame}` : 'none') : 'not yet'}</dd>
          <dd id="keyframe-status" class="small" data-status={keyframe?.status ?? ''} title={keyframe && statusText[keyframe.status]}>
            {keyframe ? keyFrameText(keyframe) : noKeyFrameText(view, state.link)}
          </dd>
        </div>
      </dl>
    </section>
  );
}

function keyFrameText({ assessed, reason, status, lagFrames, ruleFrame }: KeyFrameFacts): string {
  if (!assessed) return `not assessed: ${reason ?? ''}`;
  const found = lagFrames === 0 ? 'found at once' : `found ${lagFrames} ${lagFrames === 1 ? 'image' : 'images'} later`;
  return `${status}, ${found}${ruleFrame === null ? '' : `; ignoring contrast, the rule gives frame ${ruleFrame}`}`;
}

/** Why there is no key frame; nothing of the image without a run. */
function noKeyFrameText({ state, run, phase }: StreamView, link: ServerConnection): string {
  if (run === null) return 'no run yet';
  if (link !== 'open') return 'unknown: no word from the server';
  if (phase === 'ended') return 'none was found in this run';
  return state === 'live' ? 'contrast has not arrived, or the image still changes' : 'no new images arrive';
}

interface LesionsProps {
  readonly view: StreamView;
  readonly stream: string;
  readonly history: boolean;
  /** Why the latest key frame has no mask. */
  readonly failed: string | null;
}

/** The lesions of the run. Those of an earlier run, or that may no longer hold, are dimmed and name their run. */
function Lesions({ view, stream, history, failed }: LesionsProps) {
  const unassessed = notAssessed(view);
  if (unassessed !== null && view.mask?.facts.run !== view.run) return <p id="lesions">{capitalised(unassessed)}</p>;
  if (failed !== null && view.mask?.facts.run !== view.run) return <p id="lesions">{capitalised(failed)}</p>;
  if (!view.mask) return <p id="lesions">No mask</p>;
  const { lesions, liver, run, frame, spacingVoid } = view.mask.facts;
  const stepMm = sizeStep(view.mask.facts);
  const earlier = run !== view.run;
  const noLiver = liver.areaPx === 0;
  if (lesions.length === 0)
    return (
      <p id="lesions" data-invalid={String(history || earlier)}>
        {capitalised(maskSummary(view.mask.facts))}
        {(history || earlier) && ` of run ${runName(run, stream)}`}
      </p>
    );
  return (
    <ol id="lesions" data-invalid={String(history || earlier)}>
      {(history || earlier) && (
        <li class="note">
          {earlier ? `None of run ${runName(view.run ?? '', stream)} yet. ` : ''}Of run {runName(run, stream)}, frame {frame}:
        </li>
      )}
      {spacingVoid !== null && <li class="note">No sizes in mm: {spacingVoid}. Reload the configuration once the spacing is right</li>}
      {noLiver && <li class="note">No liver seen: does this run show the liver?</li>}
      {lesions.slice(0, LESIONS_SHOWN).map((lesion, at) => (
        <LesionRow key={at} lesion={lesion} stepMm={stepMm} outside={!noLiver && !touchesLiver(lesion, liver)} />
      ))}
      {lesions.length > LESIONS_SHOWN && <li class="note">and {lesions.length - LESIONS_SHOWN} smaller</li>}
    </ol>
  );
}

const capitalised = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

function LesionRow({ lesion, stepMm, outside }: { readonly lesion: Lesion; readonly stepMm: number; readonly outside: boolean }) {
  return (
    <li>
      <strong>{diameter(lesion, stepMm)}</strong> <span>{area(lesion)}</span>{' '}
      <span title="Mean tumour probability within the outline, as the model sees it">
        {isUncertain(lesion) && 'uncertain: '}probability {Math.round(lesion.confidence * 100)} %
      </span>
      {outside && ' outside the liver'}
    </li>
  );
}
