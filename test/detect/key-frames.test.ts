import fc from 'fast-check';
import { EMPTY, map, NEVER, type OperatorFunction } from 'rxjs';
import { median } from '../../src/core/statistics';
import { keyFrames, type Finding } from '../../src/detect/key-frames';
import { selectKeyFrame } from '../../src/detect/select-key-frame';
import { type Stability, StabilityEvidence } from '../../src/detect/stability';
import type { KeyFrameEvent, StabilityEvent } from '../../src/event';
import type { AnalysisImage } from '../../src/frame';
import type { StackedAcquisition } from '../../src/runs/temporal-stack';
import { stacked } from '../support/frames';
import { expectTwice, marbles } from '../support/marbles';
import { aRun, shot, washIn, watched } from './a-run';

const isKeyFrame = (finding: Finding): finding is KeyFrameEvent => finding.kind === 'keyframe';
const isStability = (finding: Finding): finding is StabilityEvent => finding.kind === 'stability';
const declared = (images: readonly AnalysisImage[]): KeyFrameEvent[] => {
  const { at, end } = watched(images);
  return [...at.flat(), ...end].filter(isKeyFrame);
};

/** All findings of each acquisition, without images. */
const saidAt = (images: readonly AnalysisImage[]): string[] =>
  watched(images).at.map((findings) =>
    JSON.stringify(findings, (key: string, value: unknown) => (['stack', 'analysis', 'pixels'].includes(key) ? undefined : value)),
  );

/** Runs that hold still, repeat themselves, darken, and jump to other scenes. */
const pool: readonly (() => AnalysisImage)[] = [
  ...[0, 1, 2].map((seed) => () => shot(seed, 0)),
  ...[3, 4, 5, 6].map((seed) => () => shot(seed, 30)),
  ...[() => shot(7, 15), () => shot(8, 0, 100), () => shot(9, 30, 100)],
];
const plateaus = fc
  .array(fc.record({ picture: fc.nat(pool.length - 1), times: fc.integer({ min: 1, max: 5 }) }), { maxLength: 20 })
  .map((parts) => parts.flatMap(({ picture, times }) => Array.from({ length: times }, () => picture)).slice(0, 60));
const shown = (pictures: readonly number[]): AnalysisImage[] => pictures.map((picture) => (pool[picture] as () => AnalysisImage)());

/** The frames to segment at each acquisition. */
const segmentable = (at: readonly (readonly Finding[])[]): number[][] =>
  at.map((findings) => findings.flatMap((one) => (one.kind === 'candidates' ? one.acquisitions.map(({ number }) => number) : [])));

describe('keyFrames', () => {
  it('declares the frame as soon as the image is stable, and the rule’s frame at the end', () => {
    const [first, ...others] = declared(washIn(12));
    expect(first?.status).toBe('stabilised');
    expect(first?.frame).toBeGreaterThanOrEqual(7);
    expect(others.at(-1)).toMatchObject({ status: 'final', frame: selectKeyFrame(washIn(12))?.index });
    expect(others.slice(0, -1).every(({ status }) => status === 'improved')).toBe(true);
  });

  it('dates a declaration by the acquisition that decided, and counts its lag from the key frame', () => {
    const [first] = declared(washIn(12));
    if (!first) throw new Error('Expected a key frame');
    expect(first.decidedBy).toBe(first.at);
    expect(first.capturedAt).toBe(100 * first.frame);
    expect(first.lagMs).toBe(first.decidedBy - first.capturedAt);
    expect(first.lagFrames).toBe(first.lagMs / 100);
    expect(first.acquisition.number).toBe(first.frame);
  });

  it('prefers a frame that is clearly stiller, not one that is hardly so', () => {
    const still = Array.from({ length: 4 }, () => shot(30, 30));
    const events = declared([...washIn(6), ...still]);
    expect(events.map(({ status }) => status)).toContain('improved');
    const scores = events.filter(({ status }) => status !== 'final').map(({ score }) => score);
    scores.slice(1).forEach((score, i) => expect(score).toBeLessThan((scores[i] as number) * 0.98));
    expect(events.at(-2)).toMatchObject({ status: 'improved', score: 0 });
  });

  it('gives difference, score and candidate once for every acquisition', () => {
    const { at } = watched(washIn(12));
    at.forEach((findings, number) => {
      const stability = findings.filter(isStability);
      expect(stability).toHaveLength(1);
      expect(stability[0]).toMatchObject({ run: 'run-1', frame: number, at: 100 * number, scoredFrame: number >= 2 ? number - 1 : null });
      expect(stability[0]?.score === null).toBe(number < 2);
    });
    expect(at[0]?.find(isStability)).toMatchObject({ difference: 0, opacification: 0, candidate: null });
  });

  it('names no candidate before the contrast, and afterwards only frames that show it', () => {
    const candidates = watched(washIn(12)).at.map((findings) => findings.find(isStability)?.candidate ?? null);
    expect(candidates.slice(0, 7)).toEqual(Array.from({ length: 7 }, () => null));
    for (const candidate of candidates.slice(10)) expect(candidate).toBeGreaterThanOrEqual(6);
  });

  it('lists nothing to segment before the contrast, nor while it flows in', () => {
    const listed = segmentable(watched(washIn(12)).at);
    expect(listed.slice(0, 9).flat()).toEqual([]);
  });

  it('has listed the frame that it declares stabilised first, an acquisition before', () => {
    const { at } = watched(washIn(12));
    const decided = at.findIndex((findings) => findings.some(isKeyFrame));
    expect(segmentable(at)[decided - 1]?.[0]).toBe(at[decided]?.find(isKeyFrame)?.frame);
  });

  it('starts over in another scene: no candidate, nothing better, until contrast comes again', () => {
    const second = [0, 0, 0, 0, 12, 24, 30, 30, 30, 30, 30, 30, 30, 30].map((contrast, i) => shot(40 + i, contrast, 110));
    const { at, end } = watched([...washIn(6), ...second]);
    expect(at.map((findings, i) => (findings.some(({ kind }) => kind === 'scene-change') ? i : -1)).filter((i) => i >= 0)).toEqual([15]);
    expect(at[15]?.[0]).toEqual({ kind: 'scene-change', at: 1500, run: 'run-1', frame: 15 });
    const keys = at.flatMap((findings, i) => findings.filter(isKeyFrame).map(({ status, frame }) => ({ i, status, frame })));
    const again = keys.filter(({ i }) => i >= 15);
    expect(again[0]?.status).toBe('stabilised');
    for (const { frame } of again) expect(frame).toBeGreaterThan(15);
    expect(end).toMatchObject([{ status: 'final' }]);
  });

  it('declares nothing of a run too short to have a key frame', () => {
    for (const count of [0, 1, 2]) expect(declared(washIn(12).slice(0, count))).toEqual([]);
    expect(declared(washIn(12).slice(0, 3))).toMatchObject([{ status: 'final', frame: 1, lagFrames: 1 }]);
  });

  it('ends every run, of any length and with any plateaus and ties, with the paper’s rule over what shows contrast', () => {
    fc.assert(
      fc.property(plateaus, (pictures) => {
        const images = shown(pictures);
        const { at, end } = watched(images);
        expect(at.flat().some((finding) => isKeyFrame(finding) && finding.status === 'final')).toBe(false);
        const told = end.filter(isKeyFrame);
        const rule = selectKeyFrame(images);
        expect(told).toHaveLength(rule ? 1 : 0);
        const [final] = told;
        if (!final || !rule) return;
        expect(final.status).toBe('final');
        const evidence = new StabilityEvidence();
        const known = images.map((image) => evidence.add(image));
        const scoreOf = (frame: number): number => ((known[frame]?.difference ?? NaN) + (known[frame + 1]?.difference ?? NaN)) / 2;
        const opacities = known.slice(-15).flatMap(({ opacified, opacification }) => (opacified ? [opacification] : []));
        const usual = opacities.length > 0 ? median(opacities) : 0;
        const shows = ({ contrast, opacified, opacification }: Stability): boolean =>
          contrast && (!opacified || opacification >= usual / 2);
        const inner = known.flatMap((stability, n) =>
          shows(stability) && n > Math.max(0, images.length - 15) && n < images.length - 1 ? [n] : [],
        );
        const best = inner.find((n) => inner.every((other) => scoreOf(n) <= scoreOf(other)));
        expect(final).toMatchObject(
          best === undefined
            ? { frame: rule.index, assessed: false, ruleFrame: null }
            : { frame: best, score: scoreOf(best), assessed: true, reason: null, ruleFrame: best === rule.index ? null : rule.index },
        );
      }),
      { numRuns: 30 },
    );
  }, 30_000);

  it('ends a run whose last fifteen images all show contrast with exactly the frame of the paper’s rule', () => {
    const dark = fc.array(fc.integer({ min: 3, max: 7 }), { minLength: 17, maxLength: 30 });
    fc.assert(
      fc.property(dark, (pictures) => {
        const images = [...washIn(12).slice(0, 4), ...shown(pictures.map((picture) => (picture === 7 ? 4 : picture)))];
        const rule = selectKeyFrame(images);
        expect(watched(images).end.filter(isKeyFrame)).toMatchObject([
          { frame: rule?.index, score: rule?.score, assessed: true, reason: null, ruleFrame: null },
        ]);
      }),
      { numRuns: 20 },
    );
  }, 30_000);

  it('does not assess a run that was cut off before the contrast came', () => {
    const images = Array.from({ length: 11 }, (_, i) => shot(i, 0));
    expect(declared(images)).toMatchObject([
      { status: 'final', frame: selectKeyFrame(images)?.index, assessed: false, reason: 'no contrast in this run', ruleFrame: null },
    ]);
  });

  it('takes the stillest frame with contrast where the stillest of all has none, and reports that one, too', () => {
    const still = shot(1, 0);
    const images = [still, still, still, ...washIn(12).slice(3, 14)];
    const final = declared(images).at(-1);
    expect(selectKeyFrame(images)).toMatchObject({ index: 1, score: 0 });
    expect(final).toMatchObject({ status: 'final', assessed: true, ruleFrame: 1 });
    expect(final?.frame).toBeGreaterThan(6);
  });

  it('reports that the contrast is gone where the last images of a run show none any more', () => {
    const after = Array.from({ length: 18 }, (_, i) => shot(70 + i, 0));
    expect(declared([...washIn(12), ...after]).at(-1)).toMatchObject({
      status: 'final',
      assessed: false,
      reason: expect.stringContaining('any more'),
    });
  });

  it('gives the same finding for an acquisition, whatever follows it', () => {
    fc.assert(
      fc.property(plateaus, plateaus, fc.nat(60), (pictures, others, share) => {
        const n = Math.min(pictures.length, share);
        const now = shown(pictures.slice(0, n));
        const whole = saidAt(shown(pictures)).slice(0, n);
        expect(saidAt(now)).toEqual(whole);
        expect(saidAt([...now, ...shown(others.slice(0, 5))]).slice(0, n)).toEqual(whole);
      }),
      { numRuns: 10 },
    );
  }, 30_000);

  const window = (...numbers: number[]): StackedAcquisition[] => numbers.map((number) => stacked(number, { analysis: shot(number, 0) }));
  const windows = { a: window(0), b: window(0, 1), c: window(0, 1, 2) };
  const told: OperatorFunction<Finding, string> = map((finding) => finding.kind.slice(0, 1));
  const ended = { E: { at: 900, reason: 'held', acquisitions: 3 } } as const;

  it(
    'emits at each acquisition, and once more at the end of the run',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = cold('a---b---c-------|', windows);
      const end = hot('    ------------(E|)', ended);
      expectObservable(source.pipe(keyFrames(aRun(end)), told)).toBe('(sc)(sc)(sc)k---|');
      expectSubscriptions(source.subscriptions).toBe('^---------------!');
    }),
  );

  it(
    'emits nothing for no input, and passes errors on',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      expectObservable(cold<StackedAcquisition[]>('---|').pipe(keyFrames(aRun(EMPTY)))).toBe('---|');
      const source = cold('a----#', windows);
      expectObservable(source.pipe(keyFrames(aRun(NEVER)), told)).toBe('(sc)-#');
      expectSubscriptions(source.subscriptions).toBe('^----!');
    }),
  );

  it(
    'unsubscribes from windows and end with its subscriber',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = cold('a----b----|', windows);
      const end = hot('    ---------E', ended);
      expectObservable(source.pipe(keyFrames(aRun(end)), told), '^--!').toBe('(sc)');
      expectSubscriptions(source.subscriptions).toBe('^--!');
      expectSubscriptions(end.subscriptions).toBe('^--!');
    }),
  );

  it(
    'shares nothing between two subscribers',
    marbles((helpers) => {
      const source = helpers.cold('a----b----c----|', windows);
      const end = helpers.cold('--------------E|', ended);
      expectTwice(helpers, source.pipe(keyFrames(aRun(end)), told), '(sc)-(sc)-(sc)k|');
    }),
  );
});
