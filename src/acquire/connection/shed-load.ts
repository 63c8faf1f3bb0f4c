import { defer, mergeMap, type ObservableInput, type OperatorFunction } from 'rxjs';
import type { ConnectionEvent } from './connection';

/** Pictures this late on a machine at its limit are more than it can analyse. */
const BEHIND_MS = 100;
/** This late, the stream must catch up, whatever is dropped. */
const FAR_BEHIND_MS = 200;
/** Less than this is on time. */
const CURRENT_MS = 50;
/** Least and most time between analysed pictures. A suite shows a new one every 130 ms at most, so none is missed. */
const [SHORTEST_MS, LONGEST_MS] = [30, 100];
/** Where even that is too much to analyse, acquisitions are missed rather than shown late. */
const LAST_RESORT_MS = 1000;
/** Time between decisions. */
const DECIDE_MS = 250;
/**
 * Time on schedule before more is analysed: doubled, up to the longest, each time that this proved too much within
 * `RELAPSE_MS`.
 */
const [SHORTEST_WELL_MS, LONGEST_WELL_MS] = [500, 4000];
const RELAPSE_MS = 5000;
/** A delay that has shrunk by this much since the last decision is shrinking. */
const FALLING_MS = 20;
/** A picture this much too early counts as on time. */
const EARLY_MS = 4;

/** What is at its limit: analysis, the whole machine, or the decoder alone, which analysing less hardly helps. */
export type Bottleneck = 'analysis' | 'machine' | 'decoder';

/** This machine cannot analyse every picture, or can again. */
export type Load = { readonly kind: 'overloaded' } | { readonly kind: 'relieved' };

/**
 * Analyses fewer pictures while this machine cannot keep up: skips those that come too soon after the last analysed
 * one, ever more of them until the stream is on time, then ever fewer. `bottleneck`: whether and where this machine is
 * too slow. Where the network is, every picture is analysed when it comes.
 *
 *    in   --i-i-i-iii-iii-iii-iii-iii-i-i-i-i-|       (late, and this machine at its limit, from the fourth on)
 *    out  --i-i-i-Oss-iss-iss-iss-iss-i-i-i-Ri-|      O overloaded, s skipped, R relieved
 */
export function shedLoad(bottleneck: () => Bottleneck | null): OperatorFunction<ConnectionEvent, ConnectionEvent | Load> {
  return (events) =>
    defer(() => {
      let spacingMs = 0;
      let decidedAt = -Infinity;
      let behindBefore = 0;
      let wellSince = -Infinity;
      let wellMs = SHORTEST_WELL_MS;
      let relievedAt: number | null = null;
      let analysedAt = -Infinity;

      const analyseFewer = (at: number, milliseconds: number): void => {
        if (relievedAt !== null) wellMs = at - relievedAt < RELAPSE_MS ? Math.min(LONGEST_WELL_MS, 2 * wellMs) : SHORTEST_WELL_MS;
        relievedAt = null;
        spacingMs = milliseconds;
      };
      const analyseMore = (at: number, milliseconds: number): void => {
        relievedAt = at;
        spacingMs = milliseconds < SHORTEST_MS ? 0 : milliseconds;
      };
      const decide = (at: number, behindMs: number): void => {
        if (behindMs >= CURRENT_MS) wellSince = at;
        if (at - decidedAt < DECIDE_MS) return;
        decidedAt = at;
        // Called for every decision, as it measures since the previous call.
        const limit = bottleneck();
        const falling = behindMs < behindBefore - FALLING_MS;
        behindBefore = behindMs;
        if (limit !== null && behindMs >= (limit === 'decoder' ? FAR_BEHIND_MS : BEHIND_MS)) {
          const less = Math.max(behindMs >= FAR_BEHIND_MS ? LONGEST_MS : SHORTEST_MS, 1.5 * spacingMs);
          if (spacingMs < LONGEST_MS) analyseFewer(at, Math.min(LONGEST_MS, less));
          else if (limit === 'analysis' && !falling) analyseFewer(at, Math.min(LAST_RESORT_MS, less));
        } else if (spacingMs > LONGEST_MS && behindMs < CURRENT_MS) {
          spacingMs = Math.max(LONGEST_MS, spacingMs / 1.25);
        } else if (spacingMs > 0 && at - wellSince >= wellMs) {
          wellSince = at;
          analyseMore(at, spacingMs / 1.5);
        }
      };

      return events.pipe(
        mergeMap((event): ObservableInput<ConnectionEvent | Load> => {
          if (event.kind !== 'image' && event.kind !== 'skipped') return [event];
          const { at, behindMs, seconds } = event.image;
          const before = spacingMs;
          decide(at, behindMs);
          // There was no memory for it: earlier pictures are still being analysed.
          if (event.kind === 'skipped') [spacingMs, wellSince] = [Math.max(SHORTEST_MS, spacingMs), at];
          const changes: Load[] = before > 0 === spacingMs > 0 ? [] : [{ kind: before > 0 ? 'relieved' : 'overloaded' }];
          if (event.kind === 'skipped') return [...changes, event];
          const shownAt = seconds === null ? at - behindMs : 1000 * seconds;
          const early = shownAt >= analysedAt && shownAt - analysedAt < spacingMs - EARLY_MS;
          if (!early) analysedAt = shownAt;
          return [...changes, early ? { kind: 'skipped', image: event.image } : event];
        }),
      );
    });
}
