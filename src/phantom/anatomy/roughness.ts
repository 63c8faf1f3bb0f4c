import type { Random } from '../random';

// Local copies are faster in per-pixel loops.
const floor = Math.floor;
const sqrt = Math.sqrt;

/** A value of about −1…1 for any point of the field. */
export type Roughness = (x: number, y: number) => number;

const CELLS = 64;

/** Value noise: lumps about `scale` display pixels wide, with finer ones for each further octave. */
export function roughness(random: Random, scale: number, octaves: number): Roughness {
  const lattice = Float32Array.from({ length: CELLS * CELLS }, () => random.between(-1, 1));
  const shift = random.between(0, CELLS);
  return (x, y) => {
    let value = 0;
    let weight = 1;
    let total = 0;
    let frequency = 1 / scale;
    for (let octave = 0; octave < octaves; octave++) {
      const u = x * frequency + shift + 1000 * CELLS;
      const v = y * frequency + shift + 1000 * CELLS;
      const i = floor(u);
      const j = floor(v);
      const fu = u - i;
      const fv = v - j;
      const su = fu * fu * (3 - 2 * fu);
      const sv = fv * fv * (3 - 2 * fv);
      const left = i & (CELLS - 1);
      const right = (i + 1) & (CELLS - 1);
      const upper = (j & (CELLS - 1)) * CELLS;
      const lower = ((j + 1) & (CELLS - 1)) * CELLS;
      const top = lattice[upper + left]! + su * (lattice[upper + right]! - lattice[upper + left]!);
      const bottom = lattice[lower + left]! + su * (lattice[lower + right]! - lattice[lower + left]!);
      value += weight * (top + sv * (bottom - top));
      total += weight * weight;
      weight *= 0.55;
      frequency *= 2.03;
    }
    return (value * 1.5) / sqrt(total);
  };
}
