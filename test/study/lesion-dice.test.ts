import { lesionDice } from '../../src/study/dice';

/** Rows of a picture: the found region, and the lesions by number. */
const dice = (found: readonly string[], lesions: readonly string[], count: number): number[] => {
  const pixels = (rows: readonly string[]): Uint8Array => Uint8Array.from(rows.join('').replaceAll('.', '0'), Number);
  return lesionDice(pixels(found), pixels(lesions), count, found[0]!.length, found.length);
};

it('gives each lesion the regions that reach into it', () => {
  expect(dice(['11....1', '11.....'], ['1......', '1...22.'], 2)).toEqual([(2 * 2) / (4 + 2), 0]);
});

it('joins pixels that touch by a corner to one region', () => {
  expect(dice(['1...', '.1..', '..1.'], ['1...', '....', '....'], 1)).toEqual([2 / (3 + 1)]);
});

it('does not hold it against a lesion that a region covers its neighbour too', () => {
  expect(dice(['1111'], ['1122'], 2)).toEqual([1, 1]);
  expect(dice(['11111'], ['11.22'], 2)).toEqual([4 / 5, 4 / 5]);
});

it('takes a region that only lies beside a lesion for another thing', () => {
  expect(dice(['.1'], ['1.'], 1)).toEqual([0]);
});

it('counts a lesion without a pixel of its own as missed', () => {
  expect(dice(['1'], ['2'], 2)).toEqual([0, 1]);
});

it('has nothing to say without lesions', () => {
  expect(dice(['1'], ['.'], 0)).toEqual([]);
});
