import type { Patient } from './patient';
import type { Random } from './random';

/** How far things lie from where the mask image saw them, in display pixels. */
export interface Displacement {
  /** Liver, diaphragm, upper organs; x moves a fifth as much. */
  readonly breath: number;
  readonly bodyX: number;
  readonly bodyY: number;
  /** Heart border and gas. */
  readonly beat: number;
}

/** The patient's movement, one displacement per acquisition; the mask image is the first. */
export function drawMotion(random: Random, patient: Patient): readonly Displacement[] {
  const { motion, timing } = patient;
  const start = random.between(0, 2 * Math.PI);
  const heart = random.between(0, 2 * Math.PI);
  const direction = random.chance(0.5) ? 1 : -1;
  const holdsFirst = random.chance(0.7);
  const jerkAt = random.chance(0.12) ? random.integer(3, timing.acquisitions - 1) : Infinity;
  let bodyX = 0;
  let bodyY = 0;
  let breathed = 0;
  const places: Displacement[] = [];
  for (let k = 0; k < timing.acquisitions; k++) {
    const seconds = k / timing.rateHz;
    const share = k / timing.acquisitions;
    const holding = holdsFirst ? share < motion.held : share > 1 - motion.held;
    if (!holding) breathed += 1 / timing.rateHz;
    bodyX += (random.normal() * motion.body) / 4;
    bodyY += (random.normal() * motion.body) / 4;
    if (k === jerkAt) {
      bodyX += random.normal() * 2.5;
      bodyY += random.normal() * 2.5;
    }
    places.push({
      breath:
        motion.breathing * (Math.sin((2 * Math.PI * breathed) / motion.period + start) - Math.sin(start)) + direction * motion.sag * share,
      bodyX,
      bodyY,
      beat: 3.5 * Math.sin(2 * Math.PI * motion.heartRateHz * seconds + heart) + 4 * share * direction,
    });
  }
  const first = places[0] as Displacement;
  return places.map(({ breath, bodyX: x, bodyY: y, beat }) => ({
    breath: breath - first.breath,
    bodyX: x - first.bodyX,
    bodyY: y - first.bodyY,
    beat: beat - first.beat,
  }));
}

/** The share of the breath's movement that reaches a height of the field: most under the diaphragm. */
export function breathShare(y: number): number {
  return 1.1 - 0.0007 * y;
}
