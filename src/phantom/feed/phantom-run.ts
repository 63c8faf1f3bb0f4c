import { FIELD_HEIGHT, FIELD_WIDTH, fieldGrid, type FieldPoint, fillOutline, type Outline } from '../anatomy/field';
import { liverOutline } from '../anatomy/liver';
import { drawPatient, type Patient } from '../anatomy/patient';
import { drawTumours, type Tumour } from '../anatomy/tumour';
import { acquisitionRenderer, type Renderer } from '../imaging/acquisition-renderer';
import { breathShare, drawMotion, type Displacement } from '../imaging/motion';
import { clipped, drawShutter } from '../imaging/shutter';
import { seededRandom } from '../random';

export interface PhantomOptions {
  /** Size of the rendered images, by default 1021 × 788; the field is resized to it. */
  readonly width?: number;
  readonly height?: number;
  /** Acquisitions per second; by default drawn with the patient. */
  readonly rateHz?: number;
}

/** One simulated hepatic DSA run with its ground truth. The same seed and options give the same bytes. */
export interface PhantomRun {
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly acquisitionRateHz: number;
  readonly acquisitions: number;
  /** Acquisitions before the contrast arrives. */
  readonly preContrast: number;
  /** From this acquisition on filling is complete; only breath and noise change the image. */
  readonly stableFrom: number;
  readonly patient: Patient;
  readonly tumours: readonly Tumour[];
  /** width × height grey values of one acquisition, row by row; they belong to the caller. */
  imageAt(acquisition: number): Uint8Array<ArrayBuffer>;
  /** Outlines in one acquisition, in display pixels; the liver's is clipped to the collimator. */
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
  const shutter = drawShutter(random.fork('shutter'));
  const reach = Math.max(...motion.map(({ breath, bodyX, bodyY }) => 1.1 * Math.abs(breath) + Math.hypot(bodyX, bodyY)));
  const inView = (x: number, y: number): boolean =>
    shutter.depth(x, y) > 3 + reach && Math.min(x, FIELD_WIDTH - x, y, FIELD_HEIGHT - y) > 3 + reach;
  const tumours = drawTumours(random.fork('tumours'), patient, liver, inView);
  const grid = fieldGrid(width, height);
  let render: Renderer | undefined;

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
  const liverAt = (acquisition: number): Outline => clipped(placed(liver, at(acquisition)), shutter.outline);

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
      render ??= acquisitionRenderer(seed, patient, motion, liver, tumours, shutter, grid);
      return render(acquisition);
    },
    tumoursAt,
    liverAt,
    tumourMaskAt: (acquisition) => raster(tumoursAt(acquisition)),
    liverMaskAt: (acquisition) => raster([liverAt(acquisition)]),
  };
}
