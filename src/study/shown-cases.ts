import type { Case } from './case';
import { worstFirst } from './evaluation';

/** A case that stands for others, and for which. */
export interface ShownCase {
  readonly title: string;
  readonly shown: Case;
}

/** The best, the median and the worst case by Dice (the lower of two middle ones); fewer when there are fewer patients. */
export function shownCases(cases: readonly Case[]): readonly ShownCase[] {
  const ordered = worstFirst(cases);
  const chosen = [
    { title: 'Best', shown: ordered.at(-1) },
    { title: 'Median', shown: ordered[(ordered.length - 1) >> 1] },
    { title: 'Worst', shown: ordered[0] },
  ];
  const wanted =
    ordered.length >= 3 ? chosen : ordered.length === 2 ? [chosen[0]!, chosen[2]!] : [{ title: 'The only patient', shown: ordered[0] }];
  return wanted.flatMap(({ title, shown }) => (shown ? [{ title, shown }] : []));
}
