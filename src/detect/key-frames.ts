import { Observable, type OperatorFunction } from 'rxjs';
import { median } from '../core/statistics';
import type { KeyFrameEvent, KeyFrameStatus, StabilityEvent } from '../event';
import type { Run, RunEnd } from '../runs/run';
import type { StackedAcquisition } from '../runs/temporal-stack';
import { scores, stillest, type ScoredFrame } from './select-key-frame';
import { StabilityEvidence, type Stability } from './stability';

/** A candidate shows at least this share of the latest opacification: images before contrast are as still. */
const CANDIDATE_OPACIFICATION = 0.75;
/**
 * A frame shows contrast from this share of the window's median opacification on: with less, what takes contrast up
 * late is not visible yet. The median, because X-rays that fade out look like contrast.
 */
const CONTRAST_SHARE = 0.5;
/** A frame is announced as improved when its score is lower by this share: below it, noise would choose. */
const IMPROVEMENT = 0.02;
/**
 * An acquisition whose difference is at most this many times the score to beat may do so with its successor: before a
 * frame was announced, and after, when only few do.
 */
const [PROMISING, IMPROVING] = [1.03, 1.01];

/** Frames likely to be declared, likeliest first; replaces earlier candidates. */
export interface Candidates {
  readonly kind: 'candidates';
  readonly acquisitions: readonly StackedAcquisition[];
}
/** From frame `frame` on the run shows another scene. */
export interface SceneChange {
  readonly kind: 'scene-change';
  readonly at: number;
  readonly run: string;
  readonly frame: number;
}
export type Finding = StabilityEvent | KeyFrameEvent | Candidates | SceneChange;

/** Why the key frame of a run is not assessed; shown on screens. */
const NO_CONTRAST = 'no contrast in this run';
const CONTRAST_GONE = 'no contrast any more in its last 15 images';

type Assessment = Pick<KeyFrameEvent, 'assessed' | 'reason' | 'ruleFrame'>;
const assessed: Assessment = { assessed: true, reason: null, ruleFrame: null };

interface Observed {
  readonly acquisition: StackedAcquisition;
  readonly stability: Stability;
}

/**
 * The key frames of one run, live: `stabilised` as soon as the evidence suffices, `improved` when a stiller frame
 * turns up, `final` at the end of the run. `final` is the paper's offline rule (section 2.1; selectKeyFrame) over the
 * frames of the window that show contrast agent, which the paper takes for granted. When none does, the rule's frame
 * is final but not assessed. What is emitted at an acquisition depends on it and its predecessors alone.
 *
 *    windows   --1--2--3--4--5--6--(7|)
 *    findings  --s--s--s--s--S--s--(sF|)      s stability, S and stabilised, F final at run.end; candidates left out
 */
export function keyFrames({ stream, id: run, end }: Run): OperatorFunction<readonly StackedAcquisition[], Finding> {
  return (windows) =>
    new Observable((subscriber) => {
      const evidence = new StabilityEvidence();
      let observed: readonly Observed[] = [];
      let sceneFrom = 0;
      let announcedScore: number | null = null;
      let hadContrast = false;

      const scored = (): ScoredFrame[] => scores(observed.map(({ stability }) => stability.difference));
      const at = (index: number): StackedAcquisition => (observed[index] as Observed).acquisition;
      const withContrast = (all: readonly ScoredFrame[]): ScoredFrame[] => {
        const stabilities = observed.map(({ stability }) => stability);
        const opacities = stabilities.filter(({ opacified }) => opacified).map(({ opacification }) => opacification);
        const medianOpacity = opacities.length > 0 ? median(opacities) : 0;
        return all.filter(({ index }) => {
          const { contrast, opacified, opacification } = stabilities[index] as Stability;
          return contrast && (!opacified || opacification >= CONTRAST_SHARE * medianOpacity);
        });
      };
      const declare = ({ index, score }: ScoredFrame, status: KeyFrameStatus, decidedBy: number, facts: Assessment = assessed): void => {
        const acquisition = at(index);
        const { number, frame } = acquisition;
        announcedScore = score;
        frame.keep?.();
        subscriber.next({
          ...{ kind: 'keyframe', stream, at: decidedBy, run, frame: number, status, score, decidedBy, acquisition },
          ...{ lagFrames: at(observed.length - 1).number - number, lagMs: decidedBy - frame.capturedAt, capturedAt: frame.capturedAt },
          ...facts,
        });
      };

      const observe = (window: readonly StackedAcquisition[]): void => {
        const acquisition = window.at(-1) as StackedAcquisition;
        const stability = evidence.add(acquisition.analysis);
        hadContrast ||= stability.contrast;
        observed = [...observed, { acquisition, stability }].slice(-window.length);
        const now = acquisition.frame.capturedAt;
        const { difference, opacification } = stability;
        if (stability.sceneChanged) {
          sceneFrom = acquisition.number;
          announcedScore = null;
          subscriber.next({ kind: 'scene-change', at: now, run, frame: sceneFrom });
        }
        const all = scored();
        const eligible = (index: number): boolean =>
          at(index).number > sceneFrom && (observed[index] as Observed).stability.opacification >= CANDIDATE_OPACIFICATION * opacification;
        const candidate = stability.opacified ? stillest(all.filter(({ index }) => eligible(index))) : null;
        const newest = all.at(-1);
        subscriber.next({
          ...{ kind: 'stability', stream, at: now, run, frame: acquisition.number, difference, opacification },
          ...{ score: newest?.score ?? null, scoredFrame: newest ? at(newest.index).number : null },
          candidate: candidate && at(candidate.index).number,
        });
        subscriber.next({ kind: 'candidates', acquisitions: likelyNext(candidate, stillest(withContrast(all)), stability) });
        if (!candidate) return;
        if (announcedScore === null) {
          if (stability.stable) declare(candidate, 'stabilised', now);
        } else if (candidate.score < announcedScore * (1 - IMPROVEMENT)) declare(candidate, 'improved', now);
      };

      /**
       * The candidate, the newest if it may become stiller yet, and what would be final if the run ended now. None
       * while contrast still flows in, as others will be stiller.
       */
      const likelyNext = (
        candidate: ScoredFrame | null,
        final: ScoredFrame | null,
        { difference, opacified, settling }: Stability,
      ): StackedAcquisition[] => {
        if (!opacified || (announcedScore === null && !settling)) return [];
        const toBeat = announcedScore === null ? Infinity : announcedScore * (1 - IMPROVEMENT);
        const declarable = candidate && candidate.score < toBeat ? [at(candidate.index)] : [];
        const margin = announcedScore === null ? PROMISING : IMPROVING;
        const promising = difference <= margin * Math.min(candidate?.score ?? Infinity, toBeat) ? [at(observed.length - 1)] : [];
        const first = candidate && difference < candidate.score ? [...promising, ...declarable] : [...declarable, ...promising];
        return [...first, ...(final ? [at(final.index)] : [])];
      };

      const conclude = (when: RunEnd): void => {
        const rule = stillest(scored());
        if (!rule) return;
        const best = stillest(withContrast(scored()));
        if (!best) declare(rule, 'final', when.at, { assessed: false, reason: hadContrast ? CONTRAST_GONE : NO_CONTRAST, ruleFrame: null });
        else declare(best, 'final', when.at, { ...assessed, ruleFrame: best.index === rule.index ? null : at(rule.index).number });
      };

      subscriber.add(end.subscribe(conclude));
      subscriber.add(
        windows.subscribe({ next: observe, error: (e: unknown) => subscriber.error(e), complete: () => subscriber.complete() }),
      );
    });
}
