import { Observable, Subject } from 'rxjs';
import { type Segmentation, type Segmenter, SegmentError, type SegmentFailureReason } from '../../src/infer/segmenter';
import { type TemporalStack } from '../../src/runs/temporal-stack';

const nothing = new Float32Array(4);
export const segmentation = (startedAt: number, endedAt: number): Segmentation => ({
  ...{ width: 2, height: 2, tumour: nothing, liver: nothing, difference: nothing },
  ...{ startedAt, endedAt },
});

/** A segmenter whose answers the test gives; records which stacks were requested and which cancelled. */
export interface ScriptedSegmenter extends Segmenter {
  /** By the grey value of the key frame's first pixel, in the order asked for. */
  readonly asked: readonly number[];
  readonly takenBack: readonly number[];
  /** How many are under way now. */
  readonly underWay: number;
  answer(startedAt?: number, endedAt?: number): void;
  fail(code?: SegmentFailureReason, options?: { readonly untried: boolean }): void;
  break(error: Error): void;
}

export function scriptedSegmenter(): ScriptedSegmenter {
  const asked: number[] = [];
  const takenBack: number[] = [];
  let open: Subject<Segmentation>[] = [];
  const current = (): Subject<Segmentation> => {
    const [answer] = open;
    if (!answer) throw new Error('Expected a stack under way, got none');
    return answer;
  };
  return {
    model: { name: 'scripted', version: '0.0.0', sha256: '0'.repeat(64) },
    ...{ provider: 'script', offsets: [0], thresholds: { tumour: 0.5, liver: 0.5 }, asked, takenBack },
    get underWay() {
      return open.length;
    },
    answer(startedAt = 0, endedAt = 0) {
      const answer = current();
      answer.next(segmentation(startedAt, endedAt));
      answer.complete();
    },
    fail(code = 'crashed', options) {
      current().error(new SegmentError(code, 'the worker died', options));
    },
    break(error) {
      current().error(error);
    },
    segment: ({ images }: TemporalStack) =>
      new Observable((subscriber) => {
        const grey = images.at(-1)?.[0] ?? -1;
        const answer = new Subject<Segmentation>();
        let over = false;
        asked.push(grey);
        open = [...open, answer];
        const done = (): void => {
          over = true;
          open = open.filter((other) => other !== answer);
        };
        answer.subscribe({
          next: (value) => subscriber.next(value),
          error: (error: unknown) => {
            done();
            subscriber.error(error);
          },
          complete: () => {
            done();
            subscriber.complete();
          },
        });
        return () => {
          if (!over) takenBack.push(grey);
          open = open.filter((other) => other !== answer);
        };
      }),
  };
}
