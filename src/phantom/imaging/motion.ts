import type { Grid } from '../anatomy/field';
import type { Patient } from '../anatomy/patient';
import type { Random } from '../random';

/** Displacement from the mask image, in display pixels. */
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

/** The share of breathing movement at height `y` of the field: largest below the diaphragm. */
export function breathShare(y: number): number {
  return 1.1 - 0.0007 * y;
}

// Local copies are faster in per-pixel loops.
const floor = Math.floor;
const max = Math.max;
const min = Math.min;

/** Subtracts `map` from `image`, shifted by breath (less towards the bottom) and body, in display pixels. */
export function shifted(
  image: Float32Array,
  map: Float32Array,
  grid: Grid,
  breathX: number,
  breathY: number,
  bodyX: number,
  bodyY: number,
): void {
  const { width, height, stepX, stepY } = grid;
  for (let y = 0; y < height; y++) {
    const share = breathShare((y + 0.5) * stepY);
    const fromY = min(height - 1, max(0, y - (bodyY + breathY * share) / stepY));
    const upper = min(height - 2, floor(fromY));
    const fy = fromY - upper;
    const dx = -(bodyX + breathX * share) / stepX;
    const whole = floor(dx);
    const fx = dx - whole;
    const row = y * width;
    const top = upper * width;
    const a = (1 - fx) * (1 - fy);
    const b = fx * (1 - fy);
    const c = (1 - fx) * fy;
    const d = fx * fy;
    const first = max(0, -whole);
    const last = min(width - 1, width - 2 - whole);
    for (let x = first; x <= last; x++) {
      const p = top + x + whole;
      image[row + x]! -= a * map[p]! + b * map[p + 1]! + c * map[p + width]! + d * map[p + width + 1]!;
    }
    for (let x = 0; x < first; x++) image[row + x]! -= map[top]! * (1 - fy) + map[top + width]! * fy;
    for (let x = max(first, last + 1); x < width; x++) image[row + x]! -= map[top + width - 1]! * (1 - fy) + map[top + 2 * width - 1]! * fy;
  }
}
