import { defer, map, type MonoTypeOperatorFunction } from 'rxjs';
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
      /** A picture that looks new. */
      const judge = (sighting: Extract<Sighting, { kind: 'unique' }>): Sighting => {
        const { acquisition } = sighting;
        const { frame } = acquisition;
        const seen = known ? earlier.find(acquisition) : null;
        // Back at the last image: it is held as before.
        of = seen === earlier.last ? null : seen;
        if (of !== null) return { kind: 'replayed', frame, alive: false, of };
        if (seen !== null) return { kind: 'repeated', frame, alive: false };
        if (known) earlier.remember(acquisition);
        return sighting;
      };
      const see = (sighting: Sighting): Sighting => {
        if (sighting.kind === 'unique') return judge(sighting);
        if (sighting.kind === 'area') known = sighting.found.settled;
        if (sighting.kind === 'reframed') for (const acquisition of sighting.acquisitions) earlier.remember(acquisition);
        return sighting.kind === 'repeated' && of !== null ? { ...sighting, kind: 'replayed', of } : sighting;
      };
      return sightings.pipe(map(see));
    });
}
