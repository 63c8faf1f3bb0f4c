import { percentile, withPainted, type PaintedDelay } from '../../src/view/state/painted-delays';

it('measures the delay from capture to painting over the last 200 masks', () => {
  const delays = Array.from({ length: 300 }, (_, at) => at).reduce<readonly PaintedDelay[]>(
    (before, at) => withPainted(before, { capturedAt: 1000, publishedAt: 1000 + at }, 1010 + at),
    [],
  );
  expect(delays).toHaveLength(200);
  expect(delays.at(-1)).toEqual({ published: 299, painted: 309 });
  expect(
    percentile(
      delays.map(({ painted }) => painted),
      0.99,
    ),
  ).toBe(307);
  expect([percentile([], 0.99), percentile([5], 0.99), percentile([3, 1, 2], 0.5)]).toEqual([null, 5, 2]);
});
