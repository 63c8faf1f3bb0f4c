import { drawAnatomy } from '../anatomy/anatomy';
import { arteryLayer } from '../anatomy/arteries';
import { fieldGrid, type Grid, type Outline } from '../anatomy/field';
import { liverLayer } from '../anatomy/liver';
import { drawOrgans } from '../anatomy/organs';
import type { Patient } from '../anatomy/patient';
import { type Tumour, tumourLayer } from '../anatomy/tumour';
import { addStain, toStain } from '../contrast/layer';
import { seededRandom } from '../random';
import { blur } from './blur';
import { type Displacement, shifted } from './motion';
import { quantumNoise } from './quantum-noise';
import { openShare, type Shutter } from './shutter';

// Local copies are faster in per-pixel loops.
const max = Math.max;
const min = Math.min;
const pow = Math.pow;

const STEPS = 4;

/** The workstation's processing of a subtracted image, in place: uneven brightness, edge enhancement, tone curve. */
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

// A local copy is faster in per-pixel loops.
const exp = Math.exp;

/** Paints one acquisition; each call returns a new image. */
export type Renderer = (acquisition: number) => Uint8Array<ArrayBuffer>;

/** Paints a patient's static parts once; only filling, movement and noise remain for each acquisition. */
export function acquisitionRenderer(
  seed: number,
  patient: Patient,
  motion: readonly Displacement[],
  liver: Outline,
  tumours: readonly Tumour[],
  shutter: Shutter,
  grid: Grid,
): (acquisition: number) => Uint8Array<ArrayBuffer> {
  const random = seededRandom(seed).fork('scene');
  const { look, timing } = patient;
  const { width, height } = grid;
  const size = width * height;
  // Small images are painted twice as large and averaged, as if scaled down from the display.
  const factor = width < 600 ? 2 : 1;
  const fine = fieldGrid(width * factor, height * factor);
  const organs = drawOrgans(random.fork('organs'), patient);
  const stains = [
    liverLayer(random.fork('liver'), patient, liver, fine),
    ...tumours.map((tumour, n) => tumourLayer(random.fork(`tumour ${n}`), patient, tumour, fine)),
    ...organs.map((organ) => organ.layer(fine)),
    arteryLayer(random.fork('arteries'), patient, liver, tumours, organs, fine),
  ].map((layer) => toStain(layer, factor));
  const { bones, viscera, gas } = drawAnatomy(random.fork('anatomy'), patient, liver, grid);
  const open = openShare(shutter, grid);
  const noise = quantumNoise(grid, look.noiseGrain);
  const show = workstation(look, grid);
  const sigma = new Float32Array(size);
  for (let i = 0; i < size; i++) sigma[i] = look.noise * exp(0.004 * (bones[i]! + viscera[i]! + gas[i]!));
  // Static: background, landmarks, and the subtracted mask image with its noise.
  const background = new Float32Array(size);
  for (let i = 0; i < size; i++)
    background[i] = look.level + viscera[i]! + (1 - look.landmark) * (bones[i]! + gas[i]!) - look.landmark * viscera[i]!;
  noise.add(background, sigma, 1 / Math.sqrt(look.maskImages), random.fork('mask image'));
  const contrast = new Float32Array(size);
  const image = new Float32Array(size);

  return (acquisition) => {
    const { breath, bodyX, bodyY, beat } = motion[acquisition] as Displacement;
    const own = random.fork(`acquisition ${acquisition}`);
    const seconds = (acquisition - timing.preContrast + own.between(0.3, 0.7)) / timing.rateHz;
    const brightness = look.drift * (acquisition / timing.acquisitions) + own.normal() * 0.15;
    contrast.fill(0);
    if (acquisition >= timing.preContrast) for (const stain of stains) addStain(contrast, stain, seconds);
    for (let i = 0; i < size; i++) {
      const c = contrast[i]!;
      contrast[i] = viscera[i]! + c / (1 + look.scatter * c);
    }
    image.set(background);
    shifted(image, contrast, grid, 0.2 * breath, breath, bodyX, bodyY);
    shifted(image, bones, grid, 0, 0, bodyX, bodyY);
    shifted(image, gas, grid, 0, 0, bodyX + 0.5 * beat, bodyY + beat + 0.25 * breath);
    noise.add(image, sigma, 1, own);
    for (let i = 0; i < size; i++) image[i]! += brightness;
    show(image);
    if (open) for (let i = 0; i < size; i++) image[i] = shutter.grey + (image[i]! - shutter.grey) * open[i]!;
    return new Uint8Array(Uint8ClampedArray.from(image).buffer);
  };
}
