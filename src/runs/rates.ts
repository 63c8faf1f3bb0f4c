import { concatMap, defer, type OperatorFunction } from 'rxjs';
import { isWithoutAcquisition } from '../acquisitions/classified-frame';
import { median } from '../core/statistics';
import type { RateEvent } from '../event';
import type { FrameOrRun } from './run';

/** A gap longer than this many median gaps is a pause, not an interval. */
const PAUSE_INTERVALS = 4;

/**
 * Mean milliseconds between events, pauses excluded; null for fewer than three events. Not the median: captured at 25
 * pictures a second, 7.5 acquisitions a second are 120, 120 and 160 ms apart, and the median would say 8.3.
 */
export function meanInterval(times: readonly number[]): number | null {
  const gaps = times.slice(1).map((time, i) => time - (times[i] as number));
  if (gaps.length < 2) return null;
  const limit = PAUSE_INTERVALS * median(gaps);
  const intervals = gaps.filter((gap) => gap <= limit);
  return intervals.reduce((sum, gap) => sum + gap, 0) / intervals.length;
}

const WINDOW_MS = 2000;
const EMIT_EVERY_MS = 1000;
/** Averaged for a rate: twelve intervals are whole periods of most capture grids. */
const ACQUISITIONS = 13;
/** The acquisition rate is unknown after this many intervals without one. */
const UNKNOWN_AFTER_INTERVALS = 4;

/** Capture and acquisition rate, once a second of the frames' own time; null while nothing comes. */
export function rates(stream: string): OperatorFunction<FrameOrRun, RateEvent> {
  return (events) =>
    defer(() => {
      let captured: number[] = [];
      let acquired: number[] = [];
      let emittedAt = -Infinity;

      const captureRateHz = (at: number): number | null => {
        // At least two: a source may be slower than one frame per window.
        captured = captured.filter((time, i) => at - time <= WINDOW_MS || i >= captured.length - 2);
        const span = at - (captured[0] ?? at);
        return span > 0 ? (1000 * (captured.length - 1)) / span : null;
      };
      const acquisitionRateHz = (at: number): number | null => {
        const interval = meanInterval(acquired);
        return interval === null || at - (acquired.at(-1) ?? at) > UNKNOWN_AFTER_INTERVALS * interval ? null : 1000 / interval;
      };

      return events.pipe(
        concatMap((event): RateEvent[] => {
          if (event.kind === 'silent' && captured.length === 0) return [];
          if (event.kind === 'silent' || event.kind === 'lost' || event.kind === 'stalled' || event.kind === 'ended') {
            captured = [];
            acquired = [];
            return [{ kind: 'rate', stream, at: event.at, captureRateHz: null, acquisitionRateHz: null }];
          }
          if (event.kind !== 'unique' && !isWithoutAcquisition(event)) return [];
          const at = (event.kind === 'unique' ? event.acquisition.frame : event.frame).capturedAt;
          captured.push(at);
          if (event.kind === 'unique') {
            const interval = meanInterval(acquired);
            // The run after a pause may have another rate.
            const continues = interval === null || at - (acquired.at(-1) ?? at) <= UNKNOWN_AFTER_INTERVALS * interval;
            acquired = [...(continues ? acquired : []), at].slice(-ACQUISITIONS);
          }
          if (at - emittedAt < EMIT_EVERY_MS) return [];
          emittedAt = at;
          return [{ kind: 'rate', stream, at, captureRateHz: captureRateHz(at), acquisitionRateHz: acquisitionRateHz(at) }];
        }),
      );
    });
}
