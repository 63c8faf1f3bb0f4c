import { drawAnatomy } from './anatomy';
import { arteryLayer } from './arteries';
import { FIELD_HEIGHT, FIELD_WIDTH, fieldGrid, type FieldPoint, type Grid } from './field';
import { addStain, toStain } from './layer';
import { liverLayer, liverOutline } from './liver';
import { breathShare, drawMotion, type Displacement } from './motion';
import { drawOrgans } from './organs';
import { fillOutline, type Outline } from './outline';
import { drawPatient, type Patient } from './patient';
import { quantumNoise } from './quantum-noise';
import { seededRandom } from './random';
import { shifted } from './shifted';
import { drawShutter } from './shutter';
import { drawTumours, tumourLayer, type Tumour } from './tumour';

// Looked up once: these run per pixel.
const exp = Math.exp;
const sqrt = Math.sqrt;

export interface PhantomOptions {
  /** Size of the rendered images; 1021 × 788 unless given. The field is squeezed into it. */
  readonly width?: number;
  readonly height?: number;
  /** Acquisitions per second; drawn with the patient unless given. */
  readonly rateHz?: number;
}

/** One simulated hepatic DSA run and what is true about it. The same seed and options give the same bytes. */
export interface PhantomRun {
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly acquisitionRateHz: number;
  readonly acquisitions: number;
  /** How many acquisitions come before the contrast. */
  readonly preContrast: number;
  /** From this acquisition on nothing fills any more, apart from breath and noise. */
  readonly stableFrom: number;
  readonly patient: Patient;
  readonly tumours: readonly Tumour[];
  /** width × height grey values of one acquisition, row by row; the caller owns them. */
  imageAt(acquisition: number): Uint8Array<ArrayBuffer>;
  /** Outlines as they lie in one acquisition, in display pixels. */
  tumoursAt(acquisition: number): readonly Outline[];
  liverAt(acquisition: number): Outline;
  /** 1 inside, 0 outside, on the run's own grid. */
  tumourMaskAt(acquisition: number): Uint8Array;
  liverMaskAt(acquisition: number): Uint8Array;
}

/** A simulated patient's DSA run: log-subtracted, vessels dark on grey. */
export function phantomRun(seed: number, options: PhantomOptions = {}): PhantomRun {
  const random = seededRandom(seed);
  const { width = FIELD_WIDTH, height = FIELD_HEIGHT, rateHz } = options;
  const patient = drawPatient(random.fork('patient'), rateHz);
  const { timing } = patient;
  const motion = drawMotion(random.fork('movement'), patient);
  const liver = liverOutline(random.fork('liver outline'), patient);
  const tumours = drawTumours(random.fork('tumours'), patient, liver);
  const grid = fieldGrid(width, height);
  let render: ((acquisition: number) => Uint8Array<ArrayBuffer>) | undefined;

  const placed = (outline: Outline, { breath, bodyX, bodyY }: Displacement): Outline =>
    outline.map(([x, y]): FieldPoint => [x + bodyX + 0.2 * breath * breathShare(y), y + bodyY + breath * breathShare(y)]);
  const at = (acquisition: number): Displacement => {
    const displacement = motion[acquisition];
    if (!displacement) throw new RangeError(`Expected an acquisition from 0 to ${timing.acquisitions - 1}, got ${acquisition}`);
    return displacement;
  };
  const raster = (outlines: readonly Outline[]): Uint8Array => {
    const mask = new Uint8Array(width * height);
    for (const outline of outlines) fillOutline(grid, outline, (index) => void (mask[index] = 1));
    return mask;
  };
  const tumoursAt = (acquisition: number): readonly Outline[] => tumours.map(({ outline }) => placed(outline, at(acquisition)));
  const liverAt = (acquisition: number): Outline => placed(liver, at(acquisition));

  return {
    seed,
    width,
    height,
    acquisitionRateHz: timing.rateHz,
    acquisitions: timing.acquisitions,
    preContrast: timing.preContrast,
    stableFrom: timing.preContrast + timing.washIn,
    patient,
    tumours,
    imageAt: (acquisition) => {
      at(acquisition);
      render ??= renderer(seed, patient, motion, liver, tumours, grid);
      return render(acquisition);
    },
    tumoursAt,
    liverAt,
    tumourMaskAt: (acquisition) => raster(tumoursAt(acquisition)),
    liverMaskAt: (acquisition) => raster([liverAt(acquisition)]),
  };
}

function renderer(
  seed: number,
  patient: Patient,
  motion: readonly Displacement[],
  liver: Outline,
  tumours: readonly Tumour[],
  grid: Grid,
): (acquisition: number) => Uint8Array<ArrayBuffer> {
  const random = seededRandom(seed).fork('scene');
  const { look, timing } = patient;
  const { width, height } = grid;
  const size = width * height;
  // Small images are painted twice as large and averaged, as if taken from the display.
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
  const shutter = drawShutter(random.fork('shutter'), grid);
  const noise = quantumNoise(grid, look.noiseGrain);
  const sigma = new Float32Array(size);
  for (let i = 0; i < size; i++) sigma[i] = look.noise * exp(0.004 * (bones[i]! + viscera[i]! + gas[i]!));
  // What never changes: background, landmarks, the subtracted mask image with its own frozen noise.
  const background = new Float32Array(size);
  for (let i = 0; i < size; i++)
    background[i] = look.level + viscera[i]! + (1 - look.landmark) * (bones[i]! + gas[i]!) - look.landmark * viscera[i]!;
  noise.add(background, sigma, 1 / sqrt(look.maskImages), random.fork('mask image'));
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
    const pixels = new Uint8ClampedArray(size);
    if (shutter) for (let i = 0; i < size; i++) pixels[i] = shutter.grey + (image[i]! + brightness - shutter.grey) * shutter.open[i]!;
    else for (let i = 0; i < size; i++) pixels[i] = image[i]! + brightness;
    return new Uint8Array(pixels.buffer);
  };
}
