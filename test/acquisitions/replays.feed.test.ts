import { lastValueFrom, map, mergeMap, of, toArray } from 'rxjs';
import { PictureRing } from '../../src/acquire/pixels/picture-ring.node';
import { SlotHolders } from '../../src/acquire/pixels/slot-holders';
import { EarlierAcquisitions } from '../../src/acquisitions/earlier-acquisitions';
import { uniqueAcquisitions } from '../../src/acquisitions/unique-acquisitions';
import type { FrameOrRun } from '../../src/runs/run';
import { runs } from '../../src/runs/runs';
import { streamStates } from '../../src/runs/stream-states';
import { inRing } from '../support/in-ring';
import { recording } from '../support/recording';
import { type Truth, withSampleFeed } from '../support/sample-data';

jest.setTimeout(600_000);

/** Acquisitions of each run, and the states of the stream after the first one. */
async function found(video: string, truth: Truth, filter: string, mayLoop = false): Promise<{ counts: number[]; reasons: string[] }> {
  const ring = new PictureRing(new SlotHolders(8), false);
  const arithmetic = () => ring.arithmetic;
  const seen = await lastValueFrom(
    recording(video, truth, filter).pipe(
      inRing(ring),
      uniqueAcquisitions({ now: () => 0 }, arithmetic, () => new EarlierAcquisitions(arithmetic, mayLoop)),
      runs('test', (count) => `run-${count}`),
      mergeMap((one: FrameOrRun) =>
        one.kind === 'run'
          ? one.acquisitions.pipe(
              toArray(),
              map(({ length }) => length),
            )
          : of(one),
      ),
      toArray(),
    ),
  );
  const counts = seen.filter((one) => typeof one === 'number');
  const states = of(...seen.filter((one) => typeof one !== 'number')).pipe(
    streamStates('test'),
    map(({ state, reason }) => `${state}: ${reason}`),
    toArray(),
  );
  return { counts, reasons: (await lastValueFrom(states)).filter((line) => line.startsWith('held')) };
}

/** The suite up to the hold after its first run, then something made of that, then the hold again. */
const after = (made: string, from = 268, to = 358): string =>
  `split=3[p][q][r];[p]trim=end_frame=358,setpts=PTS-STARTPTS,setsar=1[a];[q]trim=start_frame=${from}:end_frame=${to},setpts=PTS-STARTPTS,${made},setsar=1[b];` +
  '[r]trim=start_frame=268:end_frame=358,setpts=PTS-STARTPTS,setsar=1[c];[a][b][c]concat=n=3';
const pan = (x: string, y: string): string =>
  `split[f][g];[g]crop=788:788:6:6,pad=988:988:100:100:gray,crop=788:788:x='${x}':y='${y}'[z];[f][z]overlay=6:6`;
const cases = {
  'thirteen images back, two a second': after("reverse,select='not(mod(n,4))',setpts=N/2/TB,fps=30", 216, 268),
  'the last image moved about': after(pan('100+60*sin(n/15)', '100+40*sin(n/20)')),
  'a cine loop of the run': after('setpts=PTS-STARTPTS', 60, 268),
};

describe('images of a real feed that the workstation shows once more', () => {
  for (const [name, filter] of Object.entries(cases)) {
    it(
      `are no run: ${name}`,
      withSampleFeed('suite-30fps', async (video, truth) => {
        const { counts, reasons } = await found(video, truth, filter);
        expect(counts).toEqual([truth.runs[0]?.acquisitions.length]);
        expect(reasons).toContain('held: replay');
      }),
    );
  }

  it(
    'make runs again where the whole feed comes again',
    withSampleFeed('suite-30fps', async (video, truth) => {
      const all = truth.runs.map(({ acquisitions }) => acquisitions.length);
      const { counts, reasons } = await found(video, truth, 'split[a][b];[a]setsar=1[p];[b]setsar=1[q];[p][q]concat=n=2', true);
      expect(counts).toEqual([...all, ...all]);
      expect(reasons).not.toContain('held: replay');
    }),
  );
});
