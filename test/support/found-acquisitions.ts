import { lastValueFrom, map, mergeMap, type Observable, of, toArray } from 'rxjs';
import { plainArithmetic, type PixelArithmetic } from '../../src/acquire/pixels/picture-memory';
import type { SourceEvent } from '../../src/acquire/source';
import { EarlierAcquisitions } from '../../src/acquisitions/earlier-acquisitions';
import { uniqueAcquisitions } from '../../src/acquisitions/unique-acquisitions';
import { runs } from '../../src/runs/runs';

/** The frames that stand for the acquisitions of each run of a feed. */
export const foundAcquisitions = (
  source: Observable<SourceEvent>,
  arithmetic: () => PixelArithmetic = () => plainArithmetic,
): Promise<number[][]> =>
  lastValueFrom(
    source.pipe(
      uniqueAcquisitions({ now: () => 0 }, arithmetic, () => new EarlierAcquisitions(arithmetic, false)),
      runs('test', (count) => `run-${count}`),
      mergeMap((seen) =>
        seen.kind === 'run'
          ? seen.acquisitions.pipe(
              map(({ frame }) => frame.index),
              toArray(),
            )
          : of(),
      ),
      toArray(),
    ),
  );
