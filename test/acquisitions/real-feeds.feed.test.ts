import { concatMap, type Observable, takeWhile } from 'rxjs';
import type { ConnectionEvent } from '../../src/acquire/connection/connection';
import { lateness } from '../../src/acquire/connection/lateness';
import { withImageArea } from '../../src/acquire/image-area/image-area';
import type { SourceEvent } from '../../src/acquire/source';
import { sourceEvents } from '../../src/acquire/source-events';
import { parseSource } from '../../src/acquire/source-uri';
import { foundAcquisitions } from '../support/found-acquisitions';
import { recording } from '../support/recording';
import { withSampleFeed, type Truth } from '../support/sample-data';

/** The recording as a live source, of which every eleventh picture, and what follows, is delayed by 0.9 s. */
function heldUp(video: string, truth: Truth): Observable<SourceEvent> {
  let free = 0;
  const arrival = (index: number): number => {
    const shown = (1000 * index) / truth.fps;
    const way = index % 11 === 10 ? 900 : 0;
    return (free = Math.max(free + 2, shown + way));
  };
  const connect = (): Observable<ConnectionEvent> =>
    recording(video, truth).pipe(
      concatMap((event): ConnectionEvent[] => {
        if (event.kind !== 'frame') return [];
        const { index, width, height, pixels } = event.frame;
        return [
          { kind: 'image', image: { width, height, pixels, seconds: index / truth.fps, damaged: false, at: arrival(index), behindMs: 0 } },
        ];
      }),
      lateness(),
    );
  return sourceEvents(parseSource('rtsp://h/x'), connect, { clock: { now: () => free }, streamId: 'test', random: Math.random }).pipe(
    withImageArea(truth.imageArea),
    takeWhile(({ kind }) => kind !== 'lost'),
  );
}

describe('unique acquisitions and runs of real feeds', () => {
  for (const name of ['suite-30fps', 'liver-fluoro-30fps', 'run-a-dsa-7.5fps', 'run-a-native-7.5fps']) {
    it(
      `finds every acquisition of ${name}, in its run, and nothing else`,
      withSampleFeed(name, async (video, truth) => {
        expect(await foundAcquisitions(recording(video, truth))).toEqual(truth.runs.map(({ acquisitions }) => acquisitions));
      }),
      300_000,
    );
  }

  for (const name of ['suite-30fps', 'liver-fluoro-30fps']) {
    it(
      `finds every acquisition of ${name} when its pictures are held up on their way`,
      withSampleFeed(name, async (video, truth) => {
        expect(await foundAcquisitions(heldUp(video, truth))).toEqual(truth.runs.map(({ acquisitions }) => acquisitions));
      }),
      300_000,
    );
  }
});
