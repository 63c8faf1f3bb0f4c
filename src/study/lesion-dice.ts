import { components } from '../mask/components';

/**
 * The Dice coefficient of each lesion, 2·|P∩T| / (|P| + |T|). T: the lesion's pixels. P: the found regions (joined by side or corner) that have a
 * pixel in T, without the pixels of other lesions. A lesion without a pixel of its own on the grid counts as missed: 0.
 *
 * `found` is 0 and 1; `lesions` is 0 outside, n + 1 on the n-th of `count` lesions.
 */
export function lesionDice(found: Uint8Array, lesions: Uint8Array, count: number, width: number, height: number): number[] {
  const { labels } = components(found, width, height, 1);
  return Array.from({ length: count }, (_, n) => {
    const own = n + 1;
    const touching = new Set(labels.filter((label, i) => label > 0 && lesions[i] === own));
    let [hits, size] = [0, 0];
    for (let i = 0; i < labels.length; i++) {
      const inLesion = lesions[i] === own;
      const claimed = (inLesion || lesions[i] === 0) && touching.has(labels[i] as number);
      if (inLesion && claimed) hits++;
      size += Number(inLesion) + Number(claimed);
    }
    return size > 0 ? (2 * hits) / size : 0;
  });
}
