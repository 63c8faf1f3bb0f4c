import { concatMap, defer, distinctUntilChanged, type OperatorFunction } from 'rxjs';
import { dimText, isDimText } from '../acquire/connection/dim-pictures';
import type { LossWord } from '../acquire/source';
import { NO_KEY_PICTURE, OVERLOADED, PICTURES_LATE, REPLAY, type StreamEvent, type StreamState } from '../event';
import type { Run, FrameOrRun } from './run';

/** A clock outside the image that stood still this many times its usual beat, and at least this long, shows a frozen picture. */
const FROZEN_BEATS = 3;
const FROZEN_MS = 3000;
/** Nothing but damaged pictures, or blank ones, for so long, and what screens show is old. */
const OLD_MS = 700;
/** The reason of a frozen stream whose monitor shows nothing that moves, not even a clock. */
export const NOTHING_MOVES = 'nothing on the monitor moves';
/** So many runs are known by the times of their acquisitions. */
const REPLAYED_RUNS = 30;
/** The latest image, back after others, is held when it stands for so long; a cine loop comes by it. */
const BACK_MS = 1500;
/** Beats from which the clock is believed. */
const BELIEVED = 3;

/**
 * What may be said of a stream at any moment; while a lost source is tried again it stays lost. held and frozen differ by what lives outside the image: a last image hold stands still under a running
 * clock; where nothing on the monitor moves any more, no picture comes at all, or they come late, the feed is frozen. A feed without a clock is only ever held.
 *
 *    in      --c----u--u(R)--r--r--(run ends)--r--l--|
 *    states  --C-----L-----------H----------------X--|
 */
export function streamStates(stream: string): OperatorFunction<FrameOrRun, StreamEvent> {
  return (events) =>
    defer(() => {
      let reached = false;
      let gone = false;
      let inRun = false;
      let late = false;
      let overloaded = false;
      let dim: string | null = null;
      let begun: readonly Pick<Run, 'id' | 'startedAt'>[] = [];
      /** What is shown once more; its run, if that is known. */
      let replay: { readonly run: string | undefined } | null = null;
      /** Since when the latest image is shown again. */
      let backAt = Infinity;
      let [wholeAt, shownAt] = [-Infinity, -Infinity];
      let beats: number[] = [];
      const say = (at: number, state: StreamState, reason: string, replayedRun?: string): StreamEvent[] => {
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

      const standstill = (at: number, reason: string, replayedRun?: string): StreamEvent[] => {
        const last = beats.at(-1);
        if (last !== undefined && beats.length > BELIEVED) {
          const gaps = beats.slice(1).map((beat, i) => beat - (beats[i] as number));
          if (at - last > Math.max(FROZEN_MS, FROZEN_BEATS * Math.max(...gaps))) return say(at, 'frozen', NOTHING_MOVES);
        }
        return say(at, 'held', dim ?? reason, dim === null ? replayedRun : undefined);
      };

      return events.pipe(
        concatMap((event): StreamEvent[] => {
          switch (event.kind) {
            case 'connecting':
              [late, overloaded] = [false, false];
              return reached ? [] : say(event.at, 'connecting', 'connecting');
            case 'connected':
              reached = true;
              [gone, dim] = [false, null];
              return say(event.at, 'live', 'pictures arrive');
            case 'run':
              inRun = true;
              begun = [...begun, event].slice(-REPLAYED_RUNS);
              // Where every frame is an acquisition none shows the clock alone: what was believed before the run is too old after it.
              beats = [];
              event.end.subscribe(() => (inRun = false));
              return say(event.knownAt, 'live', 'acquiring');
            case 'lone':
              // With the source goes the picture that waited for company: then it says nothing of the stream.
              return inRun || gone ? [] : standstill(event.at, 'no run');
            case 'unique': {
              const at = event.acquisition.frame.capturedAt;
              [wholeAt, shownAt] = [at, at];
              replay = null;
              return inRun ? say(at, 'live', 'acquiring') : [];
            }
            case 'repeated': {
              const at = event.frame.capturedAt;
              if (event.alive) beats = [...beats, at].slice(-8);
              [wholeAt, shownAt] = [at, at];
              if (at - backAt >= BACK_MS) replay = null;
              if (replay) return standstill(at, REPLAY, replay.run);
              return inRun ? say(at, 'live', 'acquiring') : standstill(at, 'last image hold');
            }
            case 'replayed': {
              const at = event.frame.capturedAt;
              [wholeAt, shownAt] = [at, at];
              backAt = event.of.latest ? at : Infinity;
              if (!event.of.latest) replay = { run: begun.findLast((run) => run.startedAt <= event.of.capturedAt)?.id };
              return replay ? say(at, 'held', REPLAY, replay.run) : [];
            }
            case 'area':
              // What moved until now may have been the other plane, and no clock.
              if (event.found.planes.length > 1 || event.found.others) beats = [];
              return [];
            case 'reframed':
              return [];
            case 'mixed':
              [wholeAt, shownAt] = [event.frame.capturedAt, event.frame.capturedAt];
              return [];
            case 'blank': {
              const at = event.frame.capturedAt;
              wholeAt = at;
              return inRun && at - shownAt < OLD_MS ? say(at, 'live', 'acquiring') : standstill(at, 'blank picture');
            }
            case 'stalled':
              return say(event.at, 'frozen', event.packets ? NO_KEY_PICTURE : 'no picture arrives');
            case 'silent':
              if (!event.waits) return [];
              return inRun ? say(event.at, 'live', 'acquiring') : say(event.at, 'held', 'the recording pauses');
            case 'late':
              late = true;
              return say(event.at, 'live', PICTURES_LATE);
            case 'dim':
              dim = dimText(event);
              return inRun ? [] : say(event.at, 'held', dim);
            case 'overloaded':
              // As for each of these, the picture that follows tells what is true with it.
              overloaded = true;
              return [];
            case 'relieved':
              overloaded = false;
              return [];
            case 'punctual':
              late = false;
              return [];
            case 'lost':
              reached = true;
              gone = true;
              beats = [];
              return [{ kind: 'stream', stream, at: event.at, state: 'lost', ...why(event) }];
            case 'ended':
              gone = true;
              return [{ kind: 'stream', stream, at: event.at, state: 'ended', ...why(event) }];
            case 'dropped':
              if (event.reason !== 'damaged' || event.at - wholeAt < OLD_MS) return [];
              return say(event.at, 'frozen', 'pictures arrive damaged');
          }
        }),
        distinctUntilChanged((a, b) => a.state === b.state && (a.state === 'frozen' ? a.reason === b.reason : kindOf(a) === kindOf(b))),
      );
    });
}

/** The contract's word, where there is one, with what happened; else what happened. */
const why = ({ word, message = 'recording over' }: { readonly word?: LossWord | undefined; readonly message?: string }) =>
  word === undefined ? { reason: message } : { reason: word, detail: message };

/** What else is told of a live, held or lost stream. */
const kindOf = ({ reason, detail, replayedRun }: StreamEvent): string => {
  if (reason === REPLAY) return `${reason} ${replayedRun ?? ''}`;
  return reason === OVERLOADED || detail !== undefined ? reason : isDimText(reason) ? 'dim' : '';
};
