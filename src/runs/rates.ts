import { concatMap, defer, type OperatorFunction } from 'rxjs';
import { isWithoutAcquisition } from '../acquisitions/classified-frame';
import { median } from '../core/statistics';
import type { RateEvent } from '../event';
import type { FrameOrRun } from './run';

/** A gap of so many usual ones is a pause, not an interval. */
const PAUSE = 4;

/**
 * Milliseconds between events as they come, without the pauses among them; null for fewer than three events. The mean, for what is captured on a grid comes now one
 * picture sooner, now one later: 7.5 a second at 25 pictures a second are 120, 120 and 160 ms apart, and the usual gap would say 8.3.
 */
export function meanInterval(times: readonly number[]): number | null {
  const gaps = times.slice(1).map((time, i) => time - (times[i] as number));
  if (gaps.length < 2) return null;
  const most = PAUSE * median(gaps);
  const intervals = gaps.filter((gap) => gap <= most);
  return intervals.reduce((sum, gap) => sum + gap, 0) / intervals.length;
}

const WINDOW_MS = 2000;
const EVERY_MS = 1000;
/** Acquisitions that a rate is the mean of: twelve intervals are whole rounds of most capture grids. */
const ACQUISITIONS = 13;
/** Intervals without an acquisition after which the rate is unknown. */
const SILENT = 4;

/** How many frames are captured and how many acquisitions are made a second, told once a second of the frames' own time; unknown while none come. */
export function rates(stream: string): OperatorFunction<FrameOrRun, RateEvent> {
  return (sightings) =>
    defer(() => {
      let captured: number[] = [];
      let acquired: number[] = [];
      let toldAt = -Infinity;

      const captureRateHz = (at: number): number | null => {
        // Two at least: a source may be slower than the window is long.
        captured = captured.filter((time, i) => at - time <= WINDOW_MS || i >= captured.length - 2);
        const span = at - (captured[0] ?? at);
        return span > 0 ? (1000 * (captured.length - 1)) / span : null;
      };
      const acquisitionRateHz = (at: number): number | null => {
        const interval = meanInterval(acquired);
        return interval === null || at - (acquired.at(-1) ?? at) > SILENT * interval ? null : 1000 / interval;
      };

      return sightings.pipe(
        concatMap((sighting): RateEvent[] => {
          if (sighting.kind === 'silent' && captured.length === 0) return [];
          if (sighting.kind === 'silent' || sighting.kind === 'lost' || sighting.kind === 'stalled' || sighting.kind === 'ended') {
            captured = [];
            acquired = [];
            return [{ kind: 'rate', stream, at: sighting.at, captureRateHz: null, acquisitionRateHz: null }];
          }
          if (sighting.kind !== 'unique' && !isWithoutAcquisition(sighting)) return [];
          const at = (sighting.kind === 'unique' ? sighting.acquisition.frame : sighting.frame).capturedAt;
          captured.push(at);
          if (sighting.kind === 'unique') {
            const interval = meanInterval(acquired);
            // After a pause another run may have another rate.
            const goesOn = interval === null || at - (acquired.at(-1) ?? at) <= SILENT * interval;
            acquired = [...(goesOn ? acquired : []), at].slice(-ACQUISITIONS);
          }
          if (at - toldAt < EVERY_MS) return [];
          toldAt = at;
          return [{ kind: 'rate', stream, at, captureRateHz: captureRateHz(at), acquisitionRateHz: acquisitionRateHz(at) }];
        }),
      );
    });
}
