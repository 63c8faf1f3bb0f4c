/** How full something is, 0…1, `seconds` after contrast reached it. */
export type Filling = (seconds: number) => number;

/** An infinitely long injection through tissue with a gamma-variate response (shape 2): 0 before it arrives, then rising to 1. */
export function washIn(seconds: number, timeConstant: number): number {
  if (seconds <= 0) return 0;
  const x = seconds / timeConstant;
  return 1 - Math.exp(-x) * (1 + x);
}

/** A bolus of `injection` seconds, spread by a gamma-variate response: an artery. */
export function arterialFilling(rise: number, injection: number, fall: number): Filling {
  return (seconds) => washIn(seconds, rise) * (1 - washIn(seconds - injection, fall));
}

/** Contrast that stays: parenchyma and tumour, with a slow exponential loss after `stays` seconds. */
export function tissueFilling(rise: number, stays: number, decay: number): Filling {
  return (seconds) => washIn(seconds, rise) * (seconds > stays ? Math.exp(-(seconds - stays) / decay) : 1);
}
