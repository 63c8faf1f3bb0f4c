import { Observable } from 'rxjs';
import { ANALYSIS_SIZE } from '../../src/frame';
import { type Segmenter, SegmentError } from '../../src/infer/segmenter';

export interface FakeSegmenterOptions {
  /** How long an inference takes; stacks are computed one after another. */
  readonly durationMs?: number;
  readonly now?: () => number;
}

/** A segmenter without networks: dark is tumour, everything is liver, difference is key frame minus oldest frame. */
export function fakeSegmenter({ durationMs = 1, now = () => performance.now() }: FakeSegmenterOptions = {}): Segmenter {
  let freeAt = 0;
  return {
    model: { name: 'fake', version: '0.0.0', sha256: '0'.repeat(64) },
    provider: 'fake',
    offsets: [-9, -8, -7, -6, -5, -4, -3, -2, -1, 0],
    thresholds: { tumour: 0.5, liver: 0.5 },
    segment: ({ images }) =>
      new Observable((subscriber) => {
        const [oldest, key] = [images[0], images[9]];
        if (
          images.length !== 10 ||
          oldest === undefined ||
          key === undefined ||
          images.some(({ length }) => length !== ANALYSIS_SIZE ** 2)
        ) {
          subscriber.error(new SegmentError('rejected', `Expected a stack of 10 images of ${ANALYSIS_SIZE}×${ANALYSIS_SIZE}`));
          return undefined;
        }
        const startedAt = Math.max(now(), freeAt);
        const endedAt = startedAt + durationMs;
        freeAt = endedAt;
        const timer = setTimeout(() => {
          subscriber.next({
            width: ANALYSIS_SIZE,
            height: ANALYSIS_SIZE,
            tumour: Float32Array.from(key, (grey) => 1 - grey / 255),
            liver: new Float32Array(key.length).fill(0.9),
            difference: Float32Array.from(key, (grey, i) => (grey - (oldest[i] ?? 0)) / 255),
            startedAt,
            endedAt,
          });
          subscriber.complete();
        }, endedAt - now());
        return () => clearTimeout(timer);
      }),
  };
}
