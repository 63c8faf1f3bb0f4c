import { concatMap, defer, type MonoTypeOperatorFunction } from 'rxjs';
import { EarlierAcquisitions } from './earlier-acquisitions';
import type { Sighting } from './sighting';

/**
 * Tells acquisitions that were seen before, in this run or an earlier one, from new ones: what a workstation shows once more is no exposure.
 *
 *    in   --a-b-c-r-r-a-r-b-r-d-|
 *    out  --a-b-c-r-r-A-A-B-B-d-|      A: `replayed`, of a
 */
export function replays(): MonoTypeOperatorFunction<Sighting> {
  return (sightings) =>
    defer(() => {
      const earlier = new EarlierAcquisitions();
      let known = true;
      let of: number | null = null;
      const see = (sighting: Sighting): Sighting => {
        switch (sighting.kind) {
          case 'area':
            known = sighting.found.settled;
            return sighting;
          case 'reframed':
            sighting.acquisitions.forEach((acquisition) => earlier.remember(acquisition));
            return sighting;
          case 'repeated':
            return of === null ? sighting : { ...sighting, kind: 'replayed', of };
          case 'unique':
            of = known ? earlier.find(sighting.acquisition) : null;
            if (of !== null) {
              const { frame } = sighting.acquisition;
              // Back at the last image: it is held as before.
              if (of === earlier.last) of = null;
              return of === null ? { kind: 'repeated', frame, alive: false } : { kind: 'replayed', frame, alive: false, of };
            }
            if (known) earlier.remember(sighting.acquisition);
            return sighting;
          default:
            return sighting;
        }
      };
      return sightings.pipe(concatMap((sighting) => [see(sighting)]));
    });
}
