import { components } from '../mask/components';

/**
 * How well a found region agrees with the true one, 0…1 each, counted in pixels: true positives (TP), false positives (FP), false negatives (FN),
 * true negatives (TN). Measured on one image, then averaged over patients (paper, section 3). A ratio without a denominator is 1 when there was
 * nothing to find or to reject, and 0 when what there was is missing from it.
 */
export interface Overlap {
  /** 2·TP / (2·TP + FP + FN); 1 when both regions are empty. */
  readonly dice: number;
  /** TP / (TP + FN), also sensitivity; 1 when the true region is empty. */
  readonly recall: number;
  /** TN / (TN + FP); 1 when the true region is the whole image. */
  readonly specificity: number;
  /** TP / (TP + FP), also precision; when nothing was found, 1 if the true region is empty, else 0. */
  readonly ppv: number;
  /** TN / (TN + FN); when everything was found, 1 if the true region is the whole image, else 0. */
  readonly npv: number;
}

/** Both as 0 and 1, of one length. */
export function overlap(found: Uint8Array, truth: Uint8Array): Overlap {
  if (found.length !== truth.length) throw new Error(`Expected regions of one size, got ${found.length} and ${truth.length} pixels`);
  let [tp, fp, fn, tn] = [0, 0, 0, 0];
  for (let i = 0; i < found.length; i++) {
    if (truth[i] === 0) {
      if (found[i] === 0) tn++;
      else fp++;
    } else if (found[i] === 0) fn++;
    else tp++;
  }
  const ratio = (part: number, rest: number, ifNone: boolean): number => (part + rest > 0 ? part / (part + rest) : ifNone ? 1 : 0);
  return {
    dice: ratio(2 * tp, fp + fn, true),
    recall: ratio(tp, fn, true),
    specificity: ratio(tn, fp, true),
    ppv: ratio(tp, fp, fn === 0),
    npv: ratio(tn, fn, fp === 0),
  };
}

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
