import type { Grid } from './field';
import type { Random } from './random';

// Looked up once: these run per pixel.
const max = Math.max;
const min = Math.min;
const sqrt = Math.sqrt;

/** What the collimator leaves of the image: 1 open, 0 shut, and the grey of the shut part. */
export interface Shutter {
  readonly open: Float32Array;
  readonly grey: number;
}

/** Draws a collimator: none, straight blades, or a round one. */
export function drawShutter(random: Random, grid: Grid): Shutter | null {
  const kind = random.pick(['none', 'none', 'blades', 'blades', 'round'] as const);
  if (kind === 'none') return null;
  const open = new Float32Array(grid.width * grid.height);
  const soft = random.between(1, 5);
  const blades = [0, 0, 0, 0].map(() => (random.chance(0.6) ? random.between(4, 60) : -20)) as [number, number, number, number];
  const radius = random.between(520, 590);
  const [cx, cy] = [random.between(495, 525), random.between(380, 410)];
  for (let j = 0; j < grid.height; j++) {
    const y = (j + 0.5) * grid.stepY;
    for (let i = 0; i < grid.width; i++) {
      const x = (i + 0.5) * grid.stepX;
      const inside =
        kind === 'round'
          ? radius - sqrt((x - cx) ** 2 + (y - cy) ** 2)
          : min(x - blades[0], 1021 - blades[1] - x, y - blades[2], 788 - blades[3] - y);
      open[j * grid.width + i] = min(1, max(0, 0.5 + inside / soft));
    }
  }
  return { open, grey: random.pick([0, 4, 12, 30]) };
}
