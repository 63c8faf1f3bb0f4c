/**
 * The key-frame detector over simulated runs as a display shows them (repeats, codec noise, holds):
 * `npm run bench:keyframes -- [RUNS] [FIRST SEED]`. Ratios and counts only; they do not depend on the machine.
 */
import { concat, concatMap, from, of } from 'rxjs';
import { uniqueAcquisitions } from '../src/acquisitions/unique-acquisitions';
import { rollingWindow } from '../src/core/operators';
import { keyFrames } from '../src/detect/key-frames';
import { selectKeyFrame } from '../src/detect/select-key-frame';
import type { KeyFrameEvent } from '../src/event';
import type { AnalysisImage } from '../src/frame';
import { runs } from '../src/runs/runs';
import { temporalStack } from '../src/runs/temporal-stack';
import { shownRun } from './phantom-feed';

interface Row {
  readonly seed: number;
  readonly acquisitions: number;
  readonly found: number[];
  readonly stabilised: KeyFrameEvent | undefined;
  readonly best: KeyFrameEvent | undefined;
  readonly final: KeyFrameEvent | undefined;
  readonly finalIsOffline: boolean;
  readonly preContrast: boolean;
}

function watch(seed: number, startsAt: number, index: number): Row & { endsAt: number; frames: number } {
  const { phantom, events, endsAt, frames } = shownRun(seed, startsAt, index);
  const found: number[] = [];
  const keys: KeyFrameEvent[] = [];
  const images: AnalysisImage[] = [];
  concat(events, of({ kind: 'ended', at: endsAt } as const))
    .pipe(
      uniqueAcquisitions({ now: () => 0 }),
      runs('phantom', (count) => `${seed}-${count}`),
      concatMap((seen) => {
        if (seen.kind !== 'run') return of();
        const run = found.push(0) - 1;
        seen.acquisitions.subscribe(({ analysis }) => {
          found[run] = (found[run] ?? 0) + 1;
          images.push(analysis);
        });
        return seen.acquisitions.pipe(temporalStack([-9, -8, -7, -6, -5, -4, -3, -2, -1, 0]), rollingWindow(15, 1), keyFrames(seen));
      }),
    )
    .subscribe((finding) => {
      if (finding.kind === 'keyframe') keys.push(finding);
    });
  const [stabilised] = keys.filter(({ status }) => status === 'stabilised');
  const final = keys.find(({ status }) => status === 'final');
  return {
    ...{ seed, acquisitions: phantom.acquisitions, found, stabilised, final, endsAt, frames },
    best: keys.filter(({ status }) => status !== 'final').at(-1),
    finalIsOffline: final?.frame === selectKeyFrame(images)?.index,
    preContrast: keys.some(({ status, frame }) => status !== 'final' && frame < phantom.preContrast),
  };
}

const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))] ?? NaN;
const spread = (values: readonly number[]): string =>
  `median ${quantile(values, 0.5).toFixed(2)}, p95 ${quantile(values, 0.95).toFixed(2)}, worst ${Math.max(...values).toFixed(2)}`;

const [count = 200, first = 1] = process.argv.slice(2).map(Number);
let at = 0;
let index = 0;
const rows: Row[] = [];
from(Array.from({ length: count }, (_, i) => first + i)).subscribe((seed) => {
  const row = watch(seed, at, index);
  at = row.endsAt;
  index += row.frames;
  rows.push(row);
});
const stabilised = rows.flatMap(({ stabilised: s, best, final, acquisitions }) =>
  s && final && best ? [{ s, best, final, acquisitions }] : [],
);
const report = {
  runs: rows.length,
  'split or joined wrongly': rows.filter(({ found }) => found.length !== 1).length,
  'acquisitions missed or invented': rows.reduce(
    (sum, { found, acquisitions }) => sum + Math.abs(found.reduce((a, b) => a + b, 0) - acquisitions),
    0,
  ),
  'final equals the offline rule': rows.filter(({ finalIsOffline }) => finalIsOffline).length,
  'stabilised before the end': `${stabilised.length} (${((100 * stabilised.length) / rows.length).toFixed(1)} %)`,
  'never stabilised': rows
    .filter(({ stabilised: s }) => !s)
    .map(({ seed }) => seed)
    .join(' '),
  'pre-contrast triggers': rows.filter(({ preContrast }) => preContrast).length,
  'stabilised at, share of the run': spread(stabilised.map(({ s, acquisitions }) => (s.frame + s.lagFrames + 1) / acquisitions)),
  'lag, acquisitions': spread(stabilised.map(({ s }) => s.lagFrames)),
  'lag, ms': spread(stabilised.map(({ s }) => s.lagMs)),
  'stabilised to final frame, acquisitions': spread(stabilised.map(({ s, final }) => Math.abs(final.frame - s.frame))),
  'last announced to final frame, acquisitions': spread(stabilised.map(({ best, final }) => Math.abs(final.frame - best.frame))),
  'score of stabilised / final': spread(stabilised.map(({ s, final }) => s.score / final.score)),
  'score of last announced / final': spread(stabilised.map(({ best, final }) => best.score / final.score)),
};
for (const [name, value] of Object.entries(report)) process.stdout.write(`${name.padEnd(46)}${value}\n`);
