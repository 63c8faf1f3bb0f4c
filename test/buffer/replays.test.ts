import { from } from 'rxjs';
import { toAnalysisImage } from '../../src/acquire/pixels/area-average';
import { replays } from '../../src/buffer/replays';
import type { Sighting } from '../../src/buffer/sighting';
import { acquisitionAt, repeatedAt } from '../support/frames';
import { noise, type Painted, painted } from '../support/grey';

/** What an acquisition looks like: an exposure, through an encoder perhaps. */
const shown = (at: number, look: Painted): Sighting => ({
  kind: 'unique',
  acquisition: acquisitionAt(at, {}, toAnalysisImage(painted(look))),
  difference: 4,
});
function told(sightings: readonly Sighting[]): (string | number)[] {
  const all: (string | number)[] = [];
  from(sightings)
    .pipe(replays())
    .subscribe((sighting) => all.push(sighting.kind === 'replayed' ? sighting.of : sighting.kind));
  return all;
}
const run = [1, 2, 3, 4].map((seed) => shown(100 * seed, { seed }));

it('knows what was seen before, through another encoder, and as long as it stands', () => {
  const again = [shown(2000, { seed: 2, codec: { seed: 50, sigma: 0.8 } }), repeatedAt(2033), shown(2500, { seed: 1, level: 120 })];
  expect(told([...run, repeatedAt(500), ...again])).toEqual([...run.map(() => 'unique'), 'repeated', 200, 200, 100]);
});

it('takes new exposures for new, however many there were', () => {
  const many = Array.from({ length: 60 }, (_, i) => shown(100 * i, { seed: 100 + i, contrast: i }));
  expect(new Set(told(many))).toEqual(new Set(['unique']));
});

it('calls the last image a hold when it comes back', () => {
  expect(told([...run, shown(2000, { seed: 1 }), shown(2500, { seed: 4 }), repeatedAt(2533)])).toEqual([
    ...run.map(() => 'unique'),
    ...[100, 'repeated', 'repeated'],
  ]);
});

it('knows nothing of pictures without noise', () => {
  const flat = (at: number, level: number) => shown(at, { level });
  expect(told([flat(0, 10), flat(100, 90), flat(200, 10)])).toEqual(['unique', 'unique', 'unique']);
  expect(noise(1)).toHaveLength(65536);
});

it('remembers acquisitions as they look once the image area is known', () => {
  const area = (settled: boolean): Sighting => {
    const rect = { x: 0, y: 0, width: 256, height: 256 };
    return { kind: 'area', at: 0, found: { area: rect, settled, planes: [] } };
  };
  const [first] = run;
  const acquisitions = first?.kind === 'unique' ? [first.acquisition] : [];
  const early = [area(false), shown(100, { seed: 9 }), area(true), { kind: 'reframed', at: 150, acquisitions } as const];
  expect(told([...early, shown(200, { seed: 2 }), shown(300, { seed: 1 })]).slice(4)).toEqual(['unique', 100]);
});
