import { map } from 'rxjs';
import type { RunAcquisition } from '../../src/frame';
import { temporalStack, type StackedAcquisition } from '../../src/runs/temporal-stack';
import { inRun } from '../support/frames';
import { toAnalysis } from '../support/grey';
import { expectTwice, marbles } from '../support/marbles';

/** Acquisition n shows the grey value n. */
const shot = (number: number): RunAcquisition => inRun(number, { analysis: toAnalysis(Uint8Array.of(number)) });
const acquisitions = { a: shot(0), b: shot(1), c: shot(2), d: shot(3) };
const told = map(
  ({ number, stack }: StackedAcquisition) => `${number}: ${stack.images.map(([grey]) => grey).join(' ')}, ${stack.paddedFrames} padded`,
);
const stacks = { a: '0: 0 0 0, 2 padded', b: '1: 0 0 1, 1 padded', c: '2: 0 1 2, 0 padded', d: '3: 1 2 3, 0 padded' };

describe('temporalStack', () => {
  it(
    'gives each acquisition with those before it, and fills up with the first of the run, marked as such',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const run = cold('--a--b--c--d--|', acquisitions);
      expectObservable(run.pipe(temporalStack([-2, -1, 0]), told)).toBe('--a--b--c--d--|', stacks);
      expectSubscriptions(run.subscriptions).toBe('^-------------!');
    }),
  );

  it(
    'takes any rising offsets',
    marbles(({ cold, expectObservable }) => {
      const run = cold('abcd|', acquisitions);
      expectObservable(run.pipe(temporalStack([-3, -1, 0]), told)).toBe('abcd|', {
        ...{ a: '0: 0 0 0, 2 padded', b: '1: 0 0 1, 1 padded', c: '2: 0 1 2, 1 padded', d: '3: 0 2 3, 0 padded' },
      });
      expectObservable(run.pipe(temporalStack([0]), told)).toBe('abcd|', {
        ...{ a: '0: 0, 0 padded', b: '1: 1, 0 padded', c: '2: 2, 0 padded', d: '3: 3, 0 padded' },
      });
    }),
  );

  it('hands on the images themselves, not copies', () => {
    const stacksOf: StackedAcquisition[] = [];
    marbles(({ cold, flush }) => {
      cold('ab|', acquisitions)
        .pipe(temporalStack([-1, 0]))
        .subscribe((one) => stacksOf.push(one));
      flush();
    })();
    expect(stacksOf[1]?.stack.images[0]).toBe(acquisitions.a.analysis);
    expect(stacksOf[1]?.stack.images[1]).toBe(acquisitions.b.analysis);
    expect(stacksOf[1]?.frame).toBe(acquisitions.b.frame);
  });

  it(
    'emits nothing for no input, passes errors on, and unsubscribes with its subscriber',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      expectObservable(cold<RunAcquisition>('---|').pipe(temporalStack([-2, -1, 0]))).toBe('---|');
      expectObservable(cold('a-#', acquisitions).pipe(temporalStack([-2, -1, 0]), told)).toBe('a-#', stacks);
      const run = cold('a-b-c|', acquisitions);
      expectObservable(run.pipe(temporalStack([-2, -1, 0]), told), '^--!').toBe('a-b', stacks);
      expectSubscriptions(run.subscriptions).toBe('^--!');
    }),
  );

  it(
    'shares nothing between two subscribers',
    marbles((helpers) => {
      expectTwice(helpers, helpers.cold('a-b-c|', acquisitions).pipe(temporalStack([-2, -1, 0]), told), 'a-b-c|', stacks);
    }),
  );

  it('refuses offsets that do not rise to 0', () => {
    for (const offsets of [[], [-1], [0, 0], [-1, -2, 0], [-1.5, 0], [-1, 0, 1]]) {
      expect(() => temporalStack(offsets)).toThrow(`Expected rising whole offsets that end with 0, got ${offsets.join(', ')}`);
    }
  });
});
