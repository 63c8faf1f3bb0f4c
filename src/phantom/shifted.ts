import type { Grid } from './field';
import { breathShare } from './motion';

// Looked up once: these run per pixel.
const floor = Math.floor;
const max = Math.max;
const min = Math.min;

/** Darkens `image` by `map`, moved by the breath (`breathX`, `breathY`, less at the bottom) and by the body; all in display pixels. */
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
