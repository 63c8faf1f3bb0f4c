import { addToRun, type KeptRun, type RunArchive } from '../state/run-archive';
import type { EncodedPicture, ReceivedMask } from '../state/stream-view';
import type { RecordedRun } from './recorded-run';

/** A run to review: kept by this screen, picture by picture, or recorded by the server, the key frame alone. */
export type PastRun =
  | { readonly kind: 'kept'; readonly id: string; readonly run: KeptRun }
  | { readonly kind: 'recorded'; readonly id: string; readonly run: RecordedRun };

/** A review in the place of the live picture. It holds its run, which newer runs may push out of the archive. */
export interface Review {
  readonly past: PastRun;
  /** When the shown picture was captured; null for a recorded run. */
  readonly capturedAt: number | null;
}

/** The runs of a stream, newest first; those kept by this screen where it has pictures of them. */
export function pastRuns(archive: RunArchive, recorded: readonly RecordedRun[], stream: string): readonly PastRun[] {
  const kept = archive.filter((run) => run.stream === stream && run.pictures.length > 0);
  const others = recorded.filter(
    ({ run, stream: of, keyFrame, mask }) => of === stream && (keyFrame ?? mask) && !kept.some((one) => one.run === run && !one.former),
  );
  return [
    ...kept.map((run) => ({ kind: 'kept', id: keptId(run), run }) as const),
    ...others.map((run) => ({ kind: 'recorded', id: run.run, run }) as const),
  ].sort((a, b) => b.run.startedAt - a.run.startedAt);
}

function keptId({ run, former, startedAt }: KeptRun): string {
  return former ? `${run} before ${startedAt}` : run;
}

/** The latest run with a mask, else the latest. */
export function suggestedRun(runs: readonly PastRun[]): PastRun | undefined {
  return runs.find((past) => (past.kind === 'kept' ? past.run.masks.length > 0 : past.run.mask !== null)) ?? runs[0];
}

/** Opens a run at its key frame, the one with the latest mask. */
export function reviewOf(past: PastRun): Review {
  if (past.kind === 'recorded') return { past, capturedAt: null };
  const { masks, keyframes, pictures } = past.run;
  const key = masks.at(-1)?.facts.capturedAt ?? keyframes.at(-1)?.capturedAt;
  const shown = pictures.find(({ facts }) => facts.capturedAt === key) ?? pictures.at(-1);
  return { past, capturedAt: shown?.facts.capturedAt ?? null };
}

/** The picture with the latest mask, else the key frame, else the first, which does not change as the run goes on. */
export function thumbnailPicture({ masks, keyframes, pictures }: KeptRun): EncodedPicture | null {
  const key = masks.at(-1)?.facts.capturedAt ?? keyframes.at(-1)?.capturedAt;
  return pictures.find(({ facts }) => facts.capturedAt === key) ?? pictures[0] ?? null;
}

/** The shown picture and its index; null for none. */
export function reviewedPicture({ past, capturedAt }: Review): { readonly picture: EncodedPicture; readonly index: number } | null {
  if (past.kind === 'recorded') return null;
  const index = past.run.pictures.findIndex(({ facts }) => facts.capturedAt === capturedAt);
  const picture = past.run.pictures[index];
  return picture ? { picture, index } : null;
}

/** Shows the picture at an index, within bounds. */
export function seekReview(review: Review, index: number): Review {
  if (review.past.kind === 'recorded') return review;
  const { pictures } = review.past.run;
  const picture = pictures[Math.max(0, Math.min(pictures.length - 1, index))];
  return { ...review, capturedAt: picture?.facts.capturedAt ?? null };
}

export function stepReview(review: Review, frames: number): Review {
  return seekReview(review, (reviewedPicture(review)?.index ?? 0) + frames);
}

/** Opens the run `older` places further down the list, within its bounds. */
export function otherRun(review: Review, runs: readonly PastRun[], older: number): Review {
  const past = runs[runs.findIndex(({ id }) => id === review.past.id) + older];
  return past && past.id !== review.past.id ? reviewOf(past) : review;
}

/** Follows the archive: a run that goes on grows; pictures that the archive drops stay in the review. */
export function refreshReview(review: Review, archive: RunArchive): Review {
  const { past } = review;
  if (past.kind === 'recorded') return review;
  const run = archive.find((one) => keptId(one) === past.id);
  if (!run || run === past.run) return review;
  const has = ({ facts }: EncodedPicture): boolean => past.run.pictures.some((one) => one.facts.capturedAt === facts.capturedAt);
  if (run.pictures.length < past.run.pictures.length && run.pictures.every(has) && run.masks.length <= past.run.masks.length) return review;
  return { ...review, past: { ...past, run: addToRun(run, past.run.pictures, past.run.masks) } };
}

/** Adds what the server has of the run and this screen did not. */
export function completeReview(review: Review, run: string, pictures: readonly EncodedPicture[], masks: readonly ReceivedMask[]): Review {
  const { past } = review;
  if (past.run.run !== run || (past.kind === 'kept' ? past.run.former : pictures.length === 0)) return review;
  const kept = addToRun(past.kind === 'kept' ? past.run : toKeptRun(past.run), pictures, masks);
  const whole = { kind: 'kept', id: keptId(kept), run: kept } as const;
  return { past: whole, capturedAt: review.capturedAt ?? reviewOf(whole).capturedAt };
}

/** A recorded run in the form of a kept one. */
function toKeptRun({ run, stream, startedAt, acquisitions, keyFrame }: RecordedRun): KeptRun {
  const keyframes = keyFrame ? [{ run, ...keyFrame }] : [];
  return { ...{ run, stream, startedAt, acquisitions, keyframes }, former: false, stability: [], masks: [], pictures: [] };
}

/** After a restart of the server: a kept run stays, with a name of its own, since names repeat. */
export function reviewAfterRestart(review: Review): Review | null {
  const { past } = review;
  if (past.kind === 'recorded') return null;
  const run = { ...past.run, former: true };
  return { ...review, past: { kind: 'kept', id: keptId(run), run } };
}
