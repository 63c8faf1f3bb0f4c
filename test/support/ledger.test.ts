import { books, unbalanced } from './ledger';

const metrics = (captured: number, repeated: number): string =>
  [
    `angiocast_frames_captured_total{stream="a"} ${captured}`,
    'angiocast_frames_total{stream="a",fate="unique"} 3',
    `angiocast_frames_total{stream="a",fate="repeated"} ${repeated}`,
    'angiocast_frames_captured_total{stream="b"} 5',
    'angiocast_frames_total{stream="b",fate="dropped_blank"} 5',
    '',
  ].join('\n');
/** A program that shows one text after the other, the last one for ever. */
const showing = (...texts: readonly string[]) => {
  let asked = 0;
  return { get: () => Promise.resolve({ status: 200, body: texts[Math.min(asked++, texts.length - 1)] ?? '' }) };
};

it('adds up the fates of each stream', () => {
  expect([...books(metrics(10, 7))]).toEqual([
    ['a', { captured: 10, fates: 10 }],
    ['b', { captured: 5, fates: 5 }],
  ]);
});

it('waits for the fate of frames that just came', async () => {
  expect([...(await unbalanced(showing(metrics(12, 7), metrics(13, 10)), 1000))]).toEqual([]);
});

it('finds a frame that never gets one', async () => {
  expect([...(await unbalanced(showing(metrics(11, 7)), 300))]).toEqual([['a', 1]]);
});

it('does not take a program without streams for one whose books are in order', async () => {
  await expect(unbalanced(showing('nothing\n'), 300)).rejects.toThrow('Expected the books of some streams, got none');
});
