import { createHash } from 'node:crypto';
import { lastValueFrom, map, mergeMap, type Observable, of, toArray } from 'rxjs';
import { type PixelArithmetic, plainArithmetic } from '../../src/acquire/pixels/picture-memory';
import { PictureRing } from '../../src/acquire/pixels/picture-ring.node';
import { SlotHolders } from '../../src/acquire/pixels/slot-holders';
import type { SourceEvent } from '../../src/acquire/source';
import { EarlierAcquisitions } from '../../src/acquisitions/earlier-acquisitions';
import { uniqueAcquisitions } from '../../src/acquisitions/unique-acquisitions';
import { rollingWindow } from '../../src/core/operators';
import { keyFrames } from '../../src/detect/key-frames';
import type { FrameOrRun } from '../../src/runs/run';
import { runs } from '../../src/runs/runs';
import { temporalStack } from '../../src/runs/temporal-stack';
import { inRing } from './in-ring';

/** What became of each captured frame of a feed, and what its runs came to, short enough to be kept and compared. */
export interface FeedResult {
  readonly frames: number;
  /** The acquisitions of each run. */
  readonly runs: readonly number[];
  /** `RUN STATUS FRAME SCORE` of each announced key frame, in order. */
  readonly keyFrames: readonly string[];
  /** Of one line per frame: kind and frame; of acquisitions also the analysis image and difference, in full. */
  readonly sha256: string;
}

const OFFSETS = [-9, -8, -7, -6, -5, -4, -3, -2, -1, 0];

/** Runs a feed through `buffer` and `detect`: in a ring with its kernels if `live`, else in plain TypeScript. */
export async function feedResult(given: Observable<SourceEvent>, live = false): Promise<FeedResult> {
  const ring = live ? new PictureRing(new SlotHolders(16), false) : null;
  const arithmetic = (): PixelArithmetic => ring?.arithmetic ?? plainArithmetic;
  const source = ring ? given.pipe(inRing(ring)) : given;
  const digest = createHash('sha256');
  let frames = 0;
  const counts: number[] = [];
  const note = (seen: FrameOrRun): void => {
    if (seen.kind === 'unique') {
      digest.update(`unique ${seen.acquisition.frame.index} ${seen.difference}\n`).update(seen.acquisition.analysis);
    } else if (seen.kind === 'repeated') digest.update(`repeated ${seen.frame.index} ${seen.alive}\n`);
    else if (seen.kind === 'replayed') digest.update(`replayed ${seen.frame.index}\n`);
    else if (seen.kind === 'blank') digest.update(`blank ${seen.frame.index}\n`);
    else if (seen.kind === 'lone') digest.update(`standing ${seen.at}\n`);
    if (seen.kind === 'unique' || seen.kind === 'repeated' || seen.kind === 'blank') frames++;
  };
  const found = await lastValueFrom(
    source.pipe(
      uniqueAcquisitions({ now: () => 0 }, arithmetic, () => new EarlierAcquisitions(arithmetic, false)),
      map((seen) => (note(seen), seen)),
      runs('test', (count) => `run-${count}`),
      mergeMap((seen) => {
        if (seen.kind === 'lone') note(seen);
        if (seen.kind !== 'run') return of();
        const run = counts.push(0) - 1;
        seen.acquisitions.subscribe(() => (counts[run] = (counts[run] ?? 0) + 1));
        return seen.acquisitions.pipe(
          temporalStack(OFFSETS),
          rollingWindow(15, 1),
          keyFrames(seen),
          mergeMap((event) => (event.kind === 'keyframe' ? of(`${run} ${event.status} ${event.frame} ${event.score}`) : of())),
        );
      }),
      toArray(),
    ),
  );
  return { frames, runs: counts, keyFrames: found, sha256: digest.digest('hex') };
}
