import { concatMap, defer, distinctUntilChanged, type OperatorFunction } from 'rxjs';
import { dimText, isDimText } from '../acquire/connection/dim-pictures';
import type { LossWord } from '../acquire/source';
import { NO_KEY_PICTURE, OVERLOADED, PICTURES_LATE, REPLAY, type StreamEvent, type StreamState } from '../event';
import type { Run, FrameOrRun } from './run';

/** A clock outside the image that stands still this long, and for this many of its longest beats, is frozen. */
const FROZEN_BEATS = 3;
const FROZEN_MS = 3000;
/** After this long with nothing but damaged or blank pictures, what screens show is stale. */
const STALE_MS = 700;
/** Reason of a frozen stream: not even a clock moves. */
export const NOTHING_MOVES = 'nothing on the monitor moves';
/** Runs remembered, to recognise which one is replayed. */
const REPLAYED_RUNS = 30;
/** The latest image is held again, and the replay over, once it stands this long; a cine loop only passes it. */
const RETURN_MS = 1500;
/** A clock is trusted after more beats than this. */
const MIN_BEATS = 3;

/**
 * The state of a stream whenever it changes; a lost source stays `lost` while reconnecting. held and frozen differ by
 * what moves outside the image: a last image hold stands still under a running clock; where nothing on the monitor
 * moves any more, or pictures are missing, damaged or late, the feed is frozen. A still image without a clock is held.
 *
 *    in      --c----u--u(R)--r--r--(run ends)--r--l--|
 *    states  --C-----L-----------H----------------X--|
 */
export function streamStates(stream: string): OperatorFunction<FrameOrRun, StreamEvent> {
  return (events) =>
    defer(() => {
      let wasConnected = false;
      let sourceGone = false;
      let inRun = false;
      let late = false;
      let overloaded = false;
      let dim: string | null = null;
      let recentRuns: readonly Pick<Run, 'id' | 'startedAt'>[] = [];
      /** The replay under way, and its run, if known. */
      let replay: { readonly run: string | undefined } | null = null;
      /** Since when the latest image is back. */
      let backSince = Infinity;
      /** When the last undamaged picture came, and the last that was not blank. */
      let [intactAt, shownAt] = [-Infinity, -Infinity];
      let beats: number[] = [];
      const stateEvent = (at: number, state: StreamState, reason: string, replayedRun?: string): StreamEvent[] => {
        if (state !== 'live' && state !== 'held') return [{ kind: 'stream', stream, at, state, reason }];
        if (late) return [{ kind: 'stream', stream, at, state: 'frozen', reason: overloaded ? OVERLOADED : PICTURES_LATE }];
        return [
          {
            kind: 'stream',
            stream,
            at,
            state,
            reason: overloaded ? OVERLOADED : reason,
            replayedRun: overloaded ? undefined : replayedRun,
          },
        ];
      };

      const heldOrFrozen = (at: number, reason: string, replayedRun?: string): StreamEvent[] => {
        const last = beats.at(-1);
        if (last !== undefined && beats.length > MIN_BEATS) {
          const gaps = beats.slice(1).map((beat, i) => beat - (beats[i] as number));
          if (at - last > Math.max(FROZEN_MS, FROZEN_BEATS * Math.max(...gaps))) return stateEvent(at, 'frozen', NOTHING_MOVES);
        }
        return stateEvent(at, 'held', dim ?? reason, dim === null ? replayedRun : undefined);
      };

      return events.pipe(
        concatMap((event): StreamEvent[] => {
          switch (event.kind) {
            case 'connecting':
              [late, overloaded] = [false, false];
              return wasConnected ? [] : stateEvent(event.at, 'connecting', 'connecting');
            case 'connected':
              wasConnected = true;
              [sourceGone, dim] = [false, null];
              return stateEvent(event.at, 'live', 'pictures arrive');
            case 'run':
              inRun = true;
              recentRuns = [...recentRuns, event].slice(-REPLAYED_RUNS);
              // If every frame is an acquisition, none shows the clock: after the run, earlier beats are outdated.
              beats = [];
              event.end.subscribe(() => (inRun = false));
              return stateEvent(event.knownAt, 'live', 'acquiring');
            case 'lone':
              // A waiting acquisition is given up with its source: it says nothing of the stream.
              return inRun || sourceGone ? [] : heldOrFrozen(event.at, 'no run');
            case 'unique': {
              const at = event.acquisition.frame.capturedAt;
              [intactAt, shownAt] = [at, at];
              replay = null;
              return inRun ? stateEvent(at, 'live', 'acquiring') : [];
            }
            case 'repeated': {
              const at = event.frame.capturedAt;
              if (event.alive) beats = [...beats, at].slice(-8);
              [intactAt, shownAt] = [at, at];
              if (at - backSince >= RETURN_MS) replay = null;
              if (replay) return heldOrFrozen(at, REPLAY, replay.run);
              return inRun ? stateEvent(at, 'live', 'acquiring') : heldOrFrozen(at, 'last image hold');
            }
            case 'replayed': {
              const at = event.frame.capturedAt;
              [intactAt, shownAt] = [at, at];
              backSince = event.of.latest ? at : Infinity;
              if (!event.of.latest) replay = { run: recentRuns.findLast((run) => run.startedAt <= event.of.capturedAt)?.id };
              return replay ? stateEvent(at, 'held', REPLAY, replay.run) : [];
            }
            case 'area':
              // What moved so far may have been the other plane, not a clock.
              if (event.found.planes.length > 1 || event.found.others) beats = [];
              return [];
            case 'reframed':
              return [];
            case 'mixed':
              [intactAt, shownAt] = [event.frame.capturedAt, event.frame.capturedAt];
              return [];
            case 'blank': {
              const at = event.frame.capturedAt;
              intactAt = at;
              return inRun && at - shownAt < STALE_MS ? stateEvent(at, 'live', 'acquiring') : heldOrFrozen(at, 'blank picture');
            }
            case 'stalled':
              return stateEvent(event.at, 'frozen', event.packets ? NO_KEY_PICTURE : 'no picture arrives');
            case 'silent':
              if (!event.waits) return [];
              return inRun ? stateEvent(event.at, 'live', 'acquiring') : stateEvent(event.at, 'held', 'the recording pauses');
            case 'late':
              late = true;
              return stateEvent(event.at, 'live', PICTURES_LATE);
            case 'dim':
              dim = dimText(event);
              return inRun ? [] : stateEvent(event.at, 'held', dim);
            case 'overloaded':
              // As with the next two, the picture that follows emits the state.
              overloaded = true;
              return [];
            case 'relieved':
              overloaded = false;
              return [];
            case 'punctual':
              late = false;
              return [];
            case 'lost':
              wasConnected = true;
              sourceGone = true;
              beats = [];
              return [{ kind: 'stream', stream, at: event.at, state: 'lost', ...reasonOf(event) }];
            case 'ended':
              sourceGone = true;
              return [{ kind: 'stream', stream, at: event.at, state: 'ended', ...reasonOf(event) }];
            case 'dropped':
              if (event.reason !== 'damaged' || event.at - intactAt < STALE_MS) return [];
              return stateEvent(event.at, 'frozen', 'pictures arrive damaged');
          }
        }),
        distinctUntilChanged(
          (a, b) => a.state === b.state && (a.state === 'frozen' ? a.reason === b.reason : reasonKey(a) === reasonKey(b)),
        ),
      );
    });
}

/** The contract's word, where there is one, with the sentence as detail; else the sentence. */
const reasonOf = ({ word, message = 'recording over' }: { readonly word?: LossWord | undefined; readonly message?: string }) =>
  word === undefined ? { reason: message } : { reason: word, detail: message };

/** A live, held or lost stream is emitted again when this changes. */
const reasonKey = ({ reason, detail, replayedRun }: StreamEvent): string => {
  if (reason === REPLAY) return `${reason} ${replayedRun ?? ''}`;
  return reason === OVERLOADED || detail !== undefined ? reason : isDimText(reason) ? 'dim' : '';
};
