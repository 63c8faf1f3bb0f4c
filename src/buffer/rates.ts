import { concatMap, defer, type OperatorFunction } from 'rxjs';
import type { RateEvent } from '../event';
import { Cadence } from './cadence';
import type { Seen } from './sighting';

const WINDOW_MS = 2000;
const EVERY_MS = 1000;
/** Intervals without an acquisition after which the rate is unknown. */
const SILENT = 4;

/** How many frames are captured and how many acquisitions are made a second, told once a second of the frames' own time; unknown while none come. */
export function rates(stream: string): OperatorFunction<Seen, RateEvent> {
  return (sightings) =>
    defer(() => {
      let captured: number[] = [];
      let cadence = new Cadence();
      let toldAt = -Infinity;
      let acquiredAt = -Infinity;

      const captureRateHz = (at: number): number | null => {
        // Two at least: a source may be slower than the window is long.
        captured = captured.filter((time, i) => at - time <= WINDOW_MS || i >= captured.length - 2);
        const span = at - (captured[0] ?? at);
        return span > 0 ? (1000 * (captured.length - 1)) / span : null;
      };
      const acquisitionRateHz = (at: number): number | null => {
        const { interval } = cadence;
        return interval === null || at - acquiredAt > SILENT * interval ? null : 1000 / interval;
      };

      return sightings.pipe(
        concatMap((sighting): RateEvent[] => {
          if (sighting.kind === 'silent' && captured.length === 0) return [];
          if (sighting.kind === 'silent' || sighting.kind === 'lost' || sighting.kind === 'stalled' || sighting.kind === 'ended') {
            captured = [];
            cadence = new Cadence();
            return [{ kind: 'rate', stream, at: sighting.at, captureRateHz: null, acquisitionRateHz: null }];
          }
          if (sighting.kind !== 'unique' && sighting.kind !== 'repeated' && sighting.kind !== 'blank') return [];
          const at = (sighting.kind === 'unique' ? sighting.acquisition.frame : sighting.frame).capturedAt;
          captured.push(at);
          if (sighting.kind === 'unique') {
            cadence.add(at);
            acquiredAt = at;
          }
          if (at - toldAt < EVERY_MS) return [];
          toldAt = at;
          return [{ kind: 'rate', stream, at, captureRateHz: captureRateHz(at), acquisitionRateHz: acquisitionRateHz(at) }];
        }),
      );
    });
}
