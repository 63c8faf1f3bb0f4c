import { gridWindow } from '../anatomy/field';
import type { Branch } from '../anatomy/vessel-tree';
import { addTo, type Layer } from './layer';

// Local copies are faster in per-pixel loops.
const abs = Math.abs;
const max = Math.max;
const min = Math.min;
const sqrt = Math.sqrt;

export interface VesselPaint {
  /** Grey levels per display pixel of vessel thickness. */
  readonly density: number;
  /** Seconds from injection to a point of the tree. */
  arrival(delay: number): number;
  /** Thickness along the ray at `distance` from the axis; by default that of a solid tube. */
  readonly profile?: (distance: number, radius: number) => number;
}

const tube = (distance: number, radius: number): number => 2 * sqrt(max(0, radius * radius - distance * distance));

/** Draws arteries as tubes of contrast. Crossing vessels add up; a vessel does not darken itself at its joints. */
export function paintVessels(layer: Layer, branches: readonly Branch[], { density, arrival, profile = tube }: VesselPaint): void {
  const { grid } = layer;
  const owner = new Int32Array(grid.width * grid.height);
  const drawn = new Float32Array(grid.width * grid.height);
  const pixel = sqrt(grid.stepX * grid.stepY);
  branches.forEach((branch, number) => {
    for (let s = 1; s < branch.length; s++) {
      const from = branch[s - 1]!;
      const to = branch[s]!;
      // A vessel finer than a pixel is drawn one pixel wide, and paler.
      const radius = max(to.radius, 0.8 * pixel);
      const shade = (density * to.radius * to.radius) / (radius * radius);
      const when = arrival(to.delay);
      const dx = to.x - from.x;
      const dy = to.y - from.y;
      const lengthSquared = max(1e-6, dx * dx + dy * dy);
      const reach = radius + 0.5 * pixel;
      const [left, right, top, bottom] = gridWindow(
        grid,
        min(from.x, to.x) - reach,
        min(from.y, to.y) - reach,
        max(from.x, to.x) + reach,
        max(from.y, to.y) + reach,
      );
      for (let j = top; j <= bottom; j++) {
        const y = (j + 0.5) * grid.stepY;
        for (let i = left; i <= right; i++) {
          const x = (i + 0.5) * grid.stepX;
          const along = min(1, max(0, ((x - from.x) * dx + (y - from.y) * dy) / lengthSquared));
          const distance = sqrt((x - from.x - along * dx) ** 2 + (y - from.y - along * dy) ** 2);
          const thickness = profile(distance, radius);
          if (thickness === 0) continue;
          const index = j * grid.width + i;
          const amount = thickness * shade;
          const already = owner[index] === number + 1 ? drawn[index]! : 0;
          if (abs(amount) <= abs(already)) continue;
          owner[index] = number + 1;
          drawn[index] = amount;
          addTo(layer, index, amount - already, when);
        }
      }
    }
  });
}
