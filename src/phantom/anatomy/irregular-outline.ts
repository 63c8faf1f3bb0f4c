import type { Random } from '../random';
import type { FieldPoint } from './field';
import type { Outline } from './outline';

/** Points of an outline, at equal angles. */
export const DIRECTIONS = 96;

/** A lumpy, somewhat oval outline about `radius` display pixels from its centre. */
export function irregularOutline(random: Random, [cx, cy]: FieldPoint, radius: number): Outline {
  const irregularity = random.between(0.02, 0.16);
  const squeeze = Math.exp(random.normal() * 0.13);
  const tilt = random.between(0, Math.PI);
  const waves = Array.from({ length: 9 }, (_, i) => ({
    order: i + 2,
    size: (irregularity * random.normal()) / Math.pow(i + 1, 0.8),
    phase: random.between(0, 6.3),
  }));
  return Array.from({ length: DIRECTIONS }, (_, i): FieldPoint => {
    const angle = (2 * Math.PI * i) / DIRECTIONS;
    const wobble = waves.reduce((sum, wave) => sum + wave.size * Math.cos(wave.order * angle + wave.phase), 1);
    const oval = Math.sqrt((Math.cos(angle - tilt) * squeeze) ** 2 + (Math.sin(angle - tilt) / squeeze) ** 2);
    const reach = radius * Math.max(0.4, wobble) * oval;
    return [cx + reach * Math.cos(angle), cy + reach * Math.sin(angle)];
  });
}
