import type { Actions } from '../actions.dom';
import { Picture } from '../drawing/picture.dom';
import { MaskLabel } from '../panels/status.dom';
import { runName, timeOfDay } from '../state/format';
import { maskSummary } from '../state/mask-text';
import { reviewOverlay } from '../state/overlay';
import type { KeptRun } from '../state/run-archive';
import type { EncodedPicture } from '../state/stream-view';
import type { ViewerState } from '../state/viewer-state';
import { useObjectUrl } from './history.dom';
import { recordedSummary, pictureVersion, type RecordedRun } from './recorded-run';
import { reviewedPicture, type Review } from './review';

interface ReviewPanelProps {
  readonly state: ViewerState;
  readonly review: Review;
  readonly act: Actions;
}

/** An earlier run in the place of the live picture, always labelled as not live. */
export function ReviewPanel({ state, review, act }: ReviewPanelProps) {
  const { past } = review;
  return (
    <figure id="review-panel" aria-label="Review, not live">
      <p class="review-banner" role="status">
        <strong>REVIEW, not live</strong>
        <span>
          run {runName(past.run.run, state.chosen)}, {timeOfDay(past.run.startedAt)}
        </span>
        <button type="button" onClick={() => act.command({ kind: 'leave' })}>
          Back to live <kbd>Esc</kbd>
        </button>
      </p>
      {past.kind === 'kept' ? <Kept state={state} review={review} run={past.run} act={act} /> : <Recorded run={past.run} act={act} />}
    </figure>
  );
}

function Kept({ state, review, run, act }: ReviewPanelProps & { readonly run: KeptRun }) {
  const at = reviewedPicture(review);
  if (!at) return <p class="placeholder">Its pictures are no longer kept</p>;
  const { picture, index } = at;
  return (
    <>
      <Picture
        id="review"
        label="Picture under review"
        picture={picture}
        overlayOn={(shown) => reviewOverlay(run, { ...picture, facts: shown })}
        settings={state.settings}
        fault={(bad, reason) => act.reportUnreadable(state.chosen, bad, reason)}
      >
        {(_shown, overlay) => (
          <MaskLabel
            id="review-mask-label"
            overlay={overlay}
            more={overlay?.mask.facts.lesions.length ? maskSummary(overlay.mask.facts) : undefined}
          />
        )}
      </Picture>
      <figcaption>
        <input
          id="slider"
          type="range"
          aria-label="Frame of the run"
          aria-valuetext={placeText(run, picture, index)}
          min={0}
          max={run.pictures.length - 1}
          value={index}
          onInput={(event) => act.seek(Number(event.currentTarget.value))}
        />
        <span id="review-place">{placeText(run, picture, index)}</span>
      </figcaption>
    </>
  );
}

function placeText(run: KeptRun, { facts }: EncodedPicture, index: number): string {
  const key = run.keyframes.findLast(({ capturedAt }) => capturedAt === facts.capturedAt);
  const notKept = run.acquisitions - run.pictures.length;
  return [
    `frame ${facts.frame ?? '–'}, picture ${index + 1} of ${run.pictures.length}`,
    ...(key ? [`key frame (${key.status})`] : []),
    ...(notKept > 0 ? [`${notKept} not kept`] : []),
  ].join(' · ');
}

function Recorded({ run, act }: { readonly run: RecordedRun; readonly act: Actions }) {
  const url = useObjectUrl(pictureVersion(run), () => act.loadPicture(run));
  return (
    <>
      <div class="picture">
        {url === null ? <p class="placeholder">No picture</p> : <img src={url} alt={`Key frame of run ${run.run}`} />}
      </div>
      <figcaption>
        <span id="review-place">
          {`key frame ${run.mask?.frame ?? run.keyFrame?.frame ?? '–'} as the server kept it: ${recordedSummary(run)}`}
        </span>
      </figcaption>
    </>
  );
}
