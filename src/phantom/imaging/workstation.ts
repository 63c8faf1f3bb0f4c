import type { Grid } from '../anatomy/field';
import type { Patient } from '../anatomy/patient';
import { blur } from './blur';

// Looked up once: these run per pixel.
const max = Math.max;
const min = Math.min;
const pow = Math.pow;

const STEPS = 4;

/** What the angiography workstation makes of a subtracted image before it shows it, in place: uneven brightness, edge enhancement, tone curve. */
export function workstation(look: Patient['look'], grid: Grid): (image: Float32Array) => void {
  const { width, height } = grid;
  const { sharpen, sharpenRadius, gamma, shading } = look;
  const soft = new Float32Array(width * height);
  const tone = Float32Array.from({ length: 255 * STEPS + 1 }, (_, n) => 255 * pow(n / (255 * STEPS), gamma));
  return (image) => {
    if (sharpen > 0) {
      soft.set(image);
      blur(soft, grid, sharpenRadius);
    }
    for (let y = 0; y < height; y++) {
      const down = shading[1] * ((y + 0.5) / height - 0.5);
      for (let x = 0; x < width; x++) {
        const i = y * width + x;
        const grey = image[i]!;
        const enhanced = sharpen > 0 ? grey + sharpen * (grey - soft[i]!) : grey;
        const lit = enhanced + down + shading[0] * ((x + 0.5) / width - 0.5);
        image[i] = gamma === 1 ? lit : tone[(min(255, max(0, lit)) * STEPS + 0.5) | 0]!;
      }
    }
  };
}
