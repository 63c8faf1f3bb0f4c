import { pictureAddress, type RecordedRun, recordedRuns, pictureVersion } from '../../src/view/review/recorded-run';
import {
  completeReview,
  thumbnailPicture,
  suggestedRun,
  otherRun,
  pastRuns,
  refreshReview,
  reviewedPicture,
  reviewOf,
  seekReview,
  stepReview,
} from '../../src/view/review/review';
import { runArchive, type RunArchive } from '../../src/view/state/run-archive';
import { assessed } from '../support/assessed';
import { encoded, Messages } from './messages';

const say = new Messages();
const archive: RunArchive = [
  say.run('a-1', 'started', 3, 1000),
  ...[0, 1, 2].map((frame) => say.picture('a-1', frame, 1000 + frame)),
  say.mask('a-1', 1, 1001),
  say.run('a-2', 'started', 3, 2000),
  ...[0, 1].map((frame) => say.picture('a-2', frame, 2000 + frame)),
].reduce<RunArchive>((before, message) => runArchive(before, message), []);
const keyFrame = { frame: 7, status: 'final', score: 1, lagFrames: 2, lagMs: 500, capturedAt: 507, ...assessed } as const;
const recorded = (run: string, startedAt: number, stream = 'a'): RecordedRun => ({
  ...{ run, stream, startedAt, acquisitions: 9, keyFrame, lesions: [], mask: null },
});
const runs = pastRuns(archive, [recorded('a-2', 2000), recorded('a-0', 500), recorded('b-1', 700, 'b')], 'a');

it('lists the runs of a stream, newest first, from this screen’s memory where it has them', () => {
  expect(runs.map(({ id, kind }) => [id, kind])).toEqual([
    ['a-2', 'kept'],
    ['a-1', 'kept'],
    ['a-0', 'recorded'],
  ]);
  expect(suggestedRun(runs)?.id).toBe('a-1');
  expect(suggestedRun([])).toBeUndefined();
});

it('opens a run at the picture with its mask, and one without at its end', () => {
  expect(runs.map((past) => reviewOf(past).capturedAt)).toEqual([2001, 1001, null]);
});

it('stands for a run by the picture with its mask, else by its first, which stays the same', () => {
  const frames = runs.map((past) => past.kind === 'kept' && thumbnailPicture(past.run)?.facts.frame);
  expect(frames).toEqual([0, 1, false]);
});

it('goes picture by picture and stops at both ends', () => {
  const [, past] = runs;
  if (!past) throw new Error('Expected a run');
  const review = reviewOf(past);
  expect(reviewedPicture(review)?.index).toBe(1);
  expect([1, 2, -1, -5].map((frames) => reviewedPicture(stepReview(review, frames))?.index)).toEqual([2, 2, 0, 0]);
  expect(reviewedPicture(seekReview(review, 2))?.picture.facts.frame).toBe(2);
});

it('goes from run to run and stays at the ends of the list', () => {
  const [newest] = runs;
  if (!newest) throw new Error('Expected a run');
  const review = reviewOf(newest);
  expect(otherRun(review, runs, 1).past.id).toBe('a-1');
  expect(otherRun(review, runs, -1)).toBe(review);
  expect(otherRun(otherRun(review, runs, 2), runs, 1).past.id).toBe('a-0');
});

it('grows with a run that goes on, and stays as it was when its pictures are let go', () => {
  const [past] = runs;
  if (!past) throw new Error('Expected a run');
  const review = reviewOf(past);
  const grown = refreshReview(review, runArchive(archive, say.picture('a-2', 2, 2002)));
  expect(grown.past.kind === 'kept' && grown.past.run.pictures).toHaveLength(3);
  expect(grown.capturedAt).toBe(2001);
  const thinned = archive.map((run) => ({ ...run, pictures: run.pictures.slice(1) }));
  expect(refreshReview(review, thinned)).toBe(review);
  expect(refreshReview(review, [])).toBe(review);
});

it('reads what the server keeps, and requests the picture that shows most of it', () => {
  const { stream, ...rest } = recorded('a 0', 500);
  expect(recordedRuns([{ ...rest, stream, endedAt: null }])).toMatchObject([{ run: 'a 0' }]);
  expect(() => recordedRuns([rest])).toThrow();
  expect(pictureAddress(recorded('a 0', 500))).toBe('api/v1/runs/a%200/keyframe.png?square=1');
  const masked: RecordedRun = { ...recorded('a-0', 500), mask: { frame: 7, status: 'final', capturedAt: 507 } };
  expect(pictureVersion(masked)).toBe(pictureVersion({ ...masked, acquisitions: 99 }));
  expect(pictureVersion(masked)).not.toBe(pictureVersion(recorded('a-0', 500)));
  expect(pictureAddress(masked)).toBe('api/v1/runs/a-0/overlay.png');
});

it('takes what the server has of a run: all of one this screen never saw, the rest of one it saw the end of', () => {
  const picture = (frame: number) => encoded(say.picture('a-0', frame, 500 + frame));
  const message = say.mask('a-0', 7, 507);
  const mask = { facts: message, runLengths: message.payload, seq: message.seq };
  const [, , never] = runs;
  if (!never) throw new Error('Expected a run');
  const first = completeReview(reviewOf(never), 'a-0', [picture(7)], [mask]);
  expect(reviewedPicture(first)).toMatchObject({ index: 0, picture: { facts: { frame: 7 } } });
  const all = [0, 3, 8].reduce((review, frame) => completeReview(review, 'a-0', [picture(frame)], [mask]), first);
  expect([all.past.id, all.past.kind === 'kept' && all.past.run.pictures.map(({ facts }) => facts.frame)]).toEqual(['a-0', [0, 3, 7, 8]]);
  expect(all.past.kind === 'kept' && [all.past.run.masks, all.past.run.keyframes.length, all.past.run.acquisitions]).toEqual([
    [mask],
    1,
    9,
  ]);
  expect(reviewedPicture(all)?.index).toBe(2);
  // A run that is not under review, and a server without pictures.
  expect(completeReview(all, 'a-1', [picture(9)], [])).toBe(all);
  expect(completeReview(reviewOf(never), 'a-0', [], [mask])).toEqual(reviewOf(never));
});

it('keeps what the server gave while the run goes on here', () => {
  const late = runArchive([], say.picture('a-9', 5, 9005));
  const [past] = pastRuns(late, [], 'a');
  if (!past) throw new Error('Expected a run');
  const whole = completeReview(reviewOf(past), 'a-9', [3, 4].map((frame) => encoded(say.picture('a-9', frame, 9000 + frame))), []); // prettier-ignore
  const grown = refreshReview(whole, runArchive(late, say.picture('a-9', 6, 9006)));
  expect(grown.past.kind === 'kept' && grown.past.run.pictures.map(({ facts }) => facts.frame)).toEqual([3, 4, 5, 6]);
});
