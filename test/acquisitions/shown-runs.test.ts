import { concat, of } from 'rxjs';
import { shownRun } from '../../bench/phantom-feed';
import { uniqueAcquisitions } from '../../src/acquisitions/unique-acquisitions';
import { runs } from '../../src/runs/runs';

/** Of the two hundred patients of `npm run bench:keyframes`, the first four have the most noise before contrast. */
it.each([2, 3, 10, 134, 1, 7])('finds every acquisition of simulated patient %i once, in one run, as a display shows them', (seed) => {
  const { phantom, events, endsAt } = shownRun(seed, 0, 0);
  const found: number[] = [];
  concat(events, of({ kind: 'ended', at: endsAt } as const))
    .pipe(
      uniqueAcquisitions({ now: () => 0 }),
      runs('phantom', (count) => `run-${count}`),
    )
    .subscribe((seen) => {
      if (seen.kind !== 'run') return;
      const run = found.push(0) - 1;
      seen.acquisitions.subscribe(() => (found[run] = (found[run] ?? 0) + 1));
    });
  expect(found).toEqual([phantom.acquisitions]);
});
