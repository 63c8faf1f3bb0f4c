import fc from 'fast-check';
import { frameDifference, scores, selectKeyFrame, stillest } from '../../src/detect/select-key-frame';
import type { AnalysisImage } from '../../src/frame';
import { toAnalysis } from '../support/grey';

/** A run of one-pixel images: the difference of two is that of their values. */
const run = (...greys: readonly number[]): AnalysisImage[] => greys.map((grey) => toAnalysis(Uint8Array.of(grey)));
const greys = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 60 });

describe('scores', () => {
  it('scores every frame that has both neighbours with the mean of its two differences', () => {
    expect(scores([0, 4, 2, 6])).toEqual([
      { index: 1, score: 3 },
      { index: 2, score: 4 },
    ]);
  });

  it('does not use the difference of the first frame, whose neighbour lies outside', () => {
    expect(scores([100, 4, 2, 6])).toEqual(scores([0, 4, 2, 6]));
  });

  it('scores nothing among fewer than three', () => {
    expect(scores([])).toEqual([]);
    expect(scores([0])).toEqual([]);
    expect(scores([0, 4])).toEqual([]);
  });
});

describe('stillest', () => {
  it('is the least, the first of equals, and null of none', () => {
    const scored = [3, 1, 2, 1].map((score, index) => ({ index, score }));
    expect(stillest(scored)).toEqual({ index: 1, score: 1 });
    expect(stillest([])).toBeNull();
  });
});

describe('selectKeyFrame', () => {
  it('finds the frame with the least difference to both neighbours', () => {
    expect(selectKeyFrame(run(0, 9, 5, 5, 5, 9))).toEqual({ index: 3, score: 0 });
  });

  it('takes the first of equally still frames', () => {
    expect(selectKeyFrame(run(7, 7, 7, 7, 7, 7))).toEqual({ index: 1, score: 0 });
  });

  it('is null for fewer than three acquisitions', () => {
    for (const short of [run(), run(1), run(1, 1)]) expect(selectKeyFrame(short)).toBeNull();
    expect(selectKeyFrame(run(1, 1, 1))).toEqual({ index: 1, score: 0 });
  });

  it('looks only at the last 15, and scores neither the first nor the last of them', () => {
    const restless = Array.from({ length: 20 }, (_, i) => (i % 2) * 10);
    const stillBefore = restless.map((grey, i) => (i <= 4 ? 0 : grey));
    expect(selectKeyFrame(run(...stillBefore))).toEqual({ index: 6, score: 10 });
    const stillAtTheEnd = restless.map((grey, i) => (i === 19 ? 0 : grey));
    expect(selectKeyFrame(run(...stillAtTheEnd))).toEqual({ index: 18, score: 5 });
  });

  it('does not change when acquisitions are put before the window', () => {
    fc.assert(
      fc.property(greys, fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 15, maxLength: 40 }), (before, window) => {
        const alone = selectKeyFrame(run(...window));
        const later = selectKeyFrame(run(...before, ...window));
        expect(later).toEqual(alone && { ...alone, index: alone.index + before.length });
      }),
    );
  });

  it('equals the rule as the paper writes it', () => {
    fc.assert(
      fc.property(greys, (values) => {
        const images = run(...values);
        const first = Math.max(0, images.length - 15);
        let best: { index: number; score: number } | null = null;
        for (let k = first + 1; k < images.length - 1; k++) {
          const [before, self, after] = [images[k - 1], images[k], images[k + 1]] as [AnalysisImage, AnalysisImage, AnalysisImage];
          const score = (frameDifference(self, before) + frameDifference(after, self)) / 2;
          if (best === null || score < best.score) best = { index: k, score };
        }
        expect(selectKeyFrame(images)).toEqual(best);
      }),
      { numRuns: 300 },
    );
  });
});
