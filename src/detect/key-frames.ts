import { Observable, type OperatorFunction } from 'rxjs';
import { median } from '../core/statistics';
import type { KeyFrameEvent, KeyFrameStatus, StabilityEvent } from '../event';
import type { Run, RunEnd } from '../runs/run';
import type { StackedAcquisition } from '../runs/temporal-stack';
import { scores, stillest, type Scored } from './select-key-frame';
import { StabilityEvidence, type Stability } from './stability';

/** A candidate shows at least this share of the latest opacification: before the contrast came it was just as still. */
const CANDIDATE_OPACIFICATION = 0.75;
/** A frame shows contrast with this share of what is usual in the window (the median; X-rays that fade out look like contrast): with less, what takes it up late is not to be seen yet. */
const CONTRAST = 0.5;
/** A frame is announced as improved when its score is lower by this share: below it, noise chooses. */
const IMPROVEMENT = 0.02;
/** An acquisition whose difference is at most this many times the best score may turn out best once its successor comes. */
const PROMISING = 1.03;

/** Frames likely to be declared, likeliest first; replaces the wishes before. */
export interface Candidates {
  readonly kind: 'wishes';
  readonly acquisitions: readonly StackedAcquisition[];
}
/** From this frame on the run shows another scene. */
export interface SceneChange {
  readonly kind: 'scene-change';
  readonly at: number;
  readonly run: string;
  readonly frame: number;
}
export type Finding = StabilityEvent | KeyFrameEvent | Candidates | SceneChange;

/** Why the key frame of a run is not assessed, in words for people. */
const NO_CONTRAST = 'no contrast in this run';
const CONTRAST_GONE = 'no contrast any more in its last 15 images';

type Assessment = Pick<KeyFrameEvent, 'assessed' | 'reason' | 'ruleFrame'>;
const assessed: Assessment = { assessed: true, reason: null, ruleFrame: null };

interface Watched {
  readonly acquisition: StackedAcquisition;
  readonly stability: Stability;
}

/**
 * The key frame of one run, as it happens: `stabilised` as soon as the evidence suffices, `improved` when a stiller frame turns up, `final` when the
 * run is over: the paper's offline rule (section 2.1; selectKeyFrame) over those of the window that show contrast agent, as the paper presumes that all do.
 * Where none does, the rule's frame is final, but not assessed. What is said at an acquisition depends on it and its predecessors alone.
 *
 *    windows   --1--2--3--4--5--6--(7|)
 *    findings  --s--s--s--s--S--s--(sF|)      s stability, S with stabilised, F final at run.end
 */
export function keyFrames({ stream, id: run, end }: Run): OperatorFunction<readonly StackedAcquisition[], Finding> {
  return (windows) =>
    new Observable((subscriber) => {
      const evidence = new StabilityEvidence();
      let watched: readonly Watched[] = [];
      let sceneFrom = 0;
      let announced: number | null = null;
      let hadContrast = false;

      const scored = (): Scored[] => scores(watched.map(({ stability }) => stability.difference));
      const at = (index: number): StackedAcquisition => (watched[index] as Watched).acquisition;
      const withContrast = (all: readonly Scored[]): Scored[] => {
        const known = watched.map(({ stability }) => stability);
        const opacities = known.filter(({ opacified }) => opacified).map(({ opacification }) => opacification);
        const usual = opacities.length > 0 ? median(opacities) : 0;
        return all.filter(({ index }) => {
          const { contrast, opacified, opacification } = known[index] as Stability;
          return contrast && (!opacified || opacification >= CONTRAST * usual);
        });
      };
      const declare = ({ index, score }: Scored, status: KeyFrameStatus, decidedBy: number, facts: Assessment = assessed): void => {
        const acquisition = at(index);
        const { number, frame } = acquisition;
        announced = score;
        frame.keep?.();
        subscriber.next({
          ...{ kind: 'keyframe', stream, at: decidedBy, run, frame: number, status, score, decidedBy, acquisition },
          ...{ lagFrames: at(watched.length - 1).number - number, lagMs: decidedBy - frame.capturedAt, capturedAt: frame.capturedAt },
          ...facts,
        });
      };

      const watch = (window: readonly StackedAcquisition[]): void => {
        const acquisition = window.at(-1) as StackedAcquisition;
        const stability = evidence.add(acquisition.analysis);
        hadContrast ||= stability.contrast;
        watched = [...watched, { acquisition, stability }].slice(-window.length);
        const now = acquisition.frame.capturedAt;
        const { difference, opacification } = stability;
        if (stability.sceneChanged) {
          sceneFrom = acquisition.number;
          announced = null;
          subscriber.next({ kind: 'scene-change', at: now, run, frame: sceneFrom });
        }
        const all = scored();
        const eligible = (index: number): boolean =>
          at(index).number > sceneFrom && (watched[index] as Watched).stability.opacification >= CANDIDATE_OPACIFICATION * opacification;
        const candidate = stability.opacified ? stillest(all.filter(({ index }) => eligible(index))) : null;
        const newest = all.at(-1);
        subscriber.next({
          ...{ kind: 'stability', stream, at: now, run, frame: acquisition.number, difference, opacification },
          ...{ score: newest?.score ?? null, scoredFrame: newest ? at(newest.index).number : null },
          candidate: candidate && at(candidate.index).number,
        });
        subscriber.next({ kind: 'wishes', acquisitions: wishes(candidate, stillest(withContrast(all)), stability) });
        if (!candidate) return;
        if (announced === null) {
          if (stability.stable) declare(candidate, 'stabilised', now);
        } else if (candidate.score < announced * (1 - IMPROVEMENT)) declare(candidate, 'improved', now);
      };

      /** What may be declared next: the candidate, the newest if it may turn out stiller still, and what would be final if the run ended now. */
      const wishes = (candidate: Scored | null, final: Scored | null, { difference, opacified }: Stability): StackedAcquisition[] => {
        if (!opacified) return [];
        const toBeat = announced === null ? Infinity : announced * (1 - IMPROVEMENT);
        const declarable = candidate && candidate.score < toBeat ? [at(candidate.index)] : [];
        const promising = difference <= PROMISING * Math.min(candidate?.score ?? Infinity, toBeat) ? [at(watched.length - 1)] : [];
        return [...declarable, ...promising, ...(final ? [at(final.index)] : [])];
      };

      const conclude = (when: RunEnd): void => {
        const rule = stillest(scored());
        if (!rule) return;
        const best = stillest(withContrast(scored()));
        if (!best) declare(rule, 'final', when.at, { assessed: false, reason: hadContrast ? CONTRAST_GONE : NO_CONTRAST, ruleFrame: null });
        else declare(best, 'final', when.at, { ...assessed, ruleFrame: best.index === rule.index ? null : at(rule.index).number });
      };

      subscriber.add(end.subscribe(conclude));
      subscriber.add(windows.subscribe({ next: watch, error: (e: unknown) => subscriber.error(e), complete: () => subscriber.complete() }));
    });
}
