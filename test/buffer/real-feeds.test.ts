import { lastValueFrom, mergeMap, of, toArray, map } from 'rxjs';
import { runs } from '../../src/buffer/runs';
import { uniqueAcquisitions } from '../../src/buffer/unique-acquisitions';
import { recording } from '../support/recording';
import { withSampleFeed, type Truth } from '../support/sample-data';

const found = (video: string, truth: Truth): Promise<number[][]> =>
  lastValueFrom(
    recording(video, truth).pipe(
      uniqueAcquisitions({ now: () => 0 }),
      runs('test', (count) => `run-${count}`),
      mergeMap((part) =>
        part.kind === 'run'
          ? part.acquisitions.pipe(
              map(({ frame }) => frame.index),
              toArray(),
            )
          : of(),
      ),
      toArray(),
    ),
  );

describe('unique acquisitions and runs of real feeds', () => {
  for (const name of ['suite-30fps', 'liver-fluoro-30fps', 'run-a-dsa-7.5fps', 'run-a-native-7.5fps']) {
    it(
      `finds every acquisition of ${name}, in its run, and nothing else`,
      withSampleFeed(name, async (video, truth) => {
        expect(await found(video, truth)).toEqual(truth.runs.map(({ acquisitions }) => acquisitions));
      }),
      60_000,
    );
  }
});
