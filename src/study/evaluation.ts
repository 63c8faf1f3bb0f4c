import { bootstrapInterval, percentile } from '../core/statistics';
import type { ModelIdentity, Segmenter } from '../infer/segmenter';
import type { Case, LesionCase } from './case';

/** How each patient's key frame is chosen: by the paper's rule, or as the first annotated acquisition. */
export const KEY_RULES = ['rule', 'annotated'] as const;
export type KeyRule = (typeof KEY_RULES)[number];

export const isKeyRule = (key: string): key is KeyRule => (KEY_RULES as readonly string[]).includes(key);

/** What was evaluated. */
export interface EvaluationSetup {
  readonly model: ModelIdentity;
  /** The execution provider. */
  readonly provider: string;
  readonly thresholds: Segmenter['thresholds'];
  readonly key: KeyRule;
}

/** A group of lesions: how many, and the mean of their Dice coefficients (null: none). */
export interface LesionGroup {
  readonly group: string;
  readonly lesions: number;
  readonly dice: number | null;
}

/** A model evaluated on a data set: means over patients, and each patient. */
export interface Evaluation extends EvaluationSetup {
  readonly patients: number;
  readonly dice: number;
  /** 95 % bootstrap interval of the mean over patients. */
  readonly dice95: readonly [low: number, high: number];
  readonly medianDice: number;
  readonly recall: number;
  readonly specificity: number;
  readonly ppv: number;
  readonly npv: number;
  readonly liverDice: number;
  readonly allLesions: LesionGroup;
  /** By diameter, in pixels of the annotated image. */
  readonly bySize: readonly LesionGroup[];
  readonly byBloodSupply: readonly LesionGroup[];
  /** In the order of the data set. */
  readonly cases: readonly Case[];
}

/** Summarises at least one case. `uniform` (0 ≤ value < 1) draws the bootstrap samples. */
export function toEvaluation(evaluated: EvaluationSetup, cases: readonly Case[], uniform: () => number): Evaluation {
  const dices = cases.map(({ dice }) => dice);
  const mean = (of: (one: Case) => number): number => meanOf(cases.map(of));
  const lesions = cases.flatMap((one) => one.lesions);
  const group = (name: string, belongs: (lesion: LesionCase) => boolean): LesionGroup => {
    const chosen = lesions.filter(belongs);
    return { group: name, lesions: chosen.length, dice: chosen.length > 0 ? meanOf(chosen.map(({ dice }) => dice)) : null };
  };
  return {
    ...evaluated,
    patients: cases.length,
    dice: meanOf(dices),
    dice95: bootstrapInterval(dices, uniform),
    medianDice: percentile(
      dices.toSorted((a, b) => a - b),
      0.5,
    ),
    recall: mean(({ recall }) => recall),
    specificity: mean(({ specificity }) => specificity),
    ppv: mean(({ ppv }) => ppv),
    npv: mean(({ npv }) => npv),
    liverDice: mean(({ liverDice }) => liverDice),
    allLesions: group('all lesions', () => true),
    bySize: [
      group('below 25 px', ({ diameter }) => diameter < 25),
      group('25 to 60 px', ({ diameter }) => diameter >= 25 && diameter <= 60),
      group('above 60 px', ({ diameter }) => diameter > 60),
    ],
    byBloodSupply: [
      group('rich in blood', ({ poor }) => poor === false),
      group('poor in blood', ({ poor }) => poor === true),
      group('blood supply not told', ({ poor }) => poor === null),
    ],
    cases,
  };
}

/** By ascending Dice coefficient; ties keep their order. */
export const worstFirst = (cases: readonly Case[]): readonly Case[] => cases.toSorted((a, b) => a.dice - b.dice);

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
