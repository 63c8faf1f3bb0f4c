import fc from 'fast-check';
import { lesionDice, overlap } from '../../src/study/case';

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

it('gives no result without lesions', () => {
  expect(dice(['1'], ['.'], 0)).toEqual([]);
});

const bits = (text: string): Uint8Array => Uint8Array.from([...text].map(Number));

it.each([
  // found, truth, dice, recall, specificity, ppv, npv
  ['half found', '1100000000', '1010000000', 1 / 2, 1 / 2, 7 / 8, 1 / 2, 7 / 8],
  ['all of it and more', '1111000000', '1100000000', 2 / 3, 1, 6 / 8, 1 / 2, 1],
  ['nothing to find, nothing found', '0000', '0000', 1, 1, 1, 1, 1],
  ['nothing to find, something found', '1000', '0000', 0, 1, 3 / 4, 0, 1],
  ['something to find, nothing found', '0000', '1000', 0, 0, 1, 0, 3 / 4],
  ['everything is tumour and found', '1111', '1111', 1, 1, 1, 1, 1],
  ['everything is found, one pixel is tumour', '1111', '1000', 2 / 5, 1, 0, 1 / 4, 0],
  ['everything is tumour, one pixel is found', '1000', '1111', 2 / 5, 1 / 4, 1, 1, 0],
])('%s', (_, found, truth, dice, recall, specificity, ppv, npv) => {
  expect(overlap(bits(found), bits(truth))).toEqual({ dice, recall, specificity, ppv, npv });
});

it('calls recall of one region what is PPV of the other, and stays the same for inverted regions', () => {
  const regions = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.constantFrom(0, 1)), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(regions, (pixels) => {
      const [a, b] = [Uint8Array.from(pixels, ([x]) => x), Uint8Array.from(pixels, ([, y]) => y)];
      const inverse = (region: Uint8Array): Uint8Array => region.map((bit) => 1 - bit);
      const there = overlap(a, b);
      expect(overlap(b, a).dice).toBe(there.dice);
      if (a.includes(1) && b.includes(1)) expect(overlap(b, a).recall).toBe(there.ppv);
      expect(overlap(inverse(a), inverse(b))).toMatchObject({ recall: there.specificity, ppv: there.npv });
    }),
  );
});

it('refuses regions of different sizes', () => {
  expect(() => overlap(bits('10'), bits('100'))).toThrow('Expected regions of one size, got 2 and 3 pixels');
});
