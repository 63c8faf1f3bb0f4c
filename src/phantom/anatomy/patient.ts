import type { Random } from '../random';
import { FIELD_HEIGHT, FIELD_WIDTH, type FieldPoint } from './field';

/** Where the catheter's tip lies: the farther it is advanced, the fewer organs near the liver fill. */
export type Injection = 'coeliac' | 'hepatic' | 'selective';

/** A simulated patient and run: all parameters that are drawn before anything is painted. */
export interface Patient {
  readonly injection: Injection;
  /** The lobe a selective injection fills: -1 the right one (left in the image), 1 the left one; 0 both. */
  readonly side: -1 | 0 | 1;
  readonly timing: {
    readonly rateHz: number;
    readonly acquisitions: number;
    /** Acquisitions before the contrast arrives. */
    readonly preContrast: number;
    /** Acquisitions from the arrival of contrast until the image is stable. */
    readonly washIn: number;
    /** The same in seconds: the unit of all flow. */
    readonly washInSeconds: number;
    /** Seconds of injection. */
    readonly injectionSeconds: number;
  };
  readonly look: {
    /** Grey level where nothing changed. */
    readonly level: number;
    /** Strength of everything that contrast agent fills. */
    readonly contrast: number;
    /** How much scatter compresses dark areas; 0: not at all. */
    readonly scatter: number;
    /** Standard deviation of the quantum noise at display size, in grey levels. */
    readonly noise: number;
    /** Noise correlation length in display pixels. */
    readonly noiseGrain: number;
    /** Images averaged into the mask image. */
    readonly maskImages: number;
    /** Unsharpness in display pixels. */
    readonly pointSpread: number;
    /** Share of the unsubtracted anatomy left in the picture ("landmarking"). */
    readonly landmark: number;
    /** Contrast of unsubtracted anatomy, where it moves. */
    readonly anatomy: number;
    /** Slow change of the X-ray output, grey levels over the run. */
    readonly drift: number;
    /** Grey levels of soft-tissue texture, visible after subtraction where it moved. */
    readonly mottle: number;
    /** Edge enhancement by the workstation: gain of details finer than `sharpenRadius` display pixels. */
    readonly sharpen: number;
    readonly sharpenRadius: number;
    /** Exponent of the monitor's tone curve; 1: linear. */
    readonly gamma: number;
    /** Grey levels by which one side of the image is brighter than the other, in x and y. */
    readonly shading: readonly [number, number];
  };
  readonly motion: {
    /** Breathing amplitude in display pixels, and its period in seconds. */
    readonly breathing: number;
    readonly period: number;
    /** The share of the run during which the breath is held. */
    readonly held: number;
    /** Slow sinking of a held diaphragm, display pixels over the run. */
    readonly sag: number;
    /** Patient movement, display pixels. */
    readonly body: number;
    readonly heartRateHz: number;
  };
  readonly body: {
    readonly spineX: number;
    /** Where the coeliac trunk leaves the aorta. */
    readonly ostium: FieldPoint;
    /** Where the hepatic artery enters the liver. */
    readonly hilum: FieldPoint;
    /** The rectangle the liver outline is fitted into. */
    readonly liver: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
  };
  readonly tumours: { readonly count: number; readonly poorShare: number };
}

/** Draws a patient. `rateHz` fixes the acquisition rate. */
export function drawPatient(random: Random, rateHz?: number): Patient {
  const timing = drawTiming(random.fork('timing'), rateHz);
  const look = random.fork('look');
  const workstation = random.fork('workstation');
  const motion = random.fork('motion');
  const body = random.fork('body');
  const left = body.between(-50, 150);
  const top = body.between(5, 150);
  const right = left + body.between(460, 740);
  const bottom = top + body.between(390, 640);
  const hilum: FieldPoint = [left + (right - left) * body.between(0.5, 0.64), top + (bottom - top) * body.between(0.46, 0.6)];
  const spineX = Math.min(FIELD_WIDTH * 0.78, Math.max(hilum[0] + 90, body.between(580, 720)));
  const breath = motion.uniform();
  const injection = body.pick<Injection>(['coeliac', 'coeliac', 'hepatic', 'hepatic', 'hepatic', 'selective']);
  const counts = random.fork('no tumour').chance(0.1) ? [0] : [1, 1, 1, 1, 1, 2, 2, 3, 4, 6, 8, 10];
  return {
    injection,
    side: injection !== 'selective' ? 0 : body.chance(0.75) ? -1 : 1,
    timing,
    look: {
      level: look.between(90, 212),
      contrast: Math.exp(look.between(Math.log(0.5), Math.log(1.8))),
      scatter: look.between(0, 0.006),
      noise: Math.exp(look.between(Math.log(3), Math.log(11))),
      noiseGrain: look.pick([0, 0.5, 0.6, 0.8, 1]),
      maskImages: look.pick([1, 1, 2, 4]),
      pointSpread: look.between(0.8, 2),
      landmark: look.chance(0.15) ? look.between(0.03, 0.15) : 0,
      anatomy: look.between(0.5, 1.4),
      drift: look.normal() * 1.2,
      mottle: workstation.between(0.7, 6),
      sharpen: workstation.chance(0.45) ? workstation.between(0.3, 2) : 0,
      sharpenRadius: workstation.between(2, 6),
      gamma: workstation.chance(0.5) ? Math.exp(workstation.between(-0.35, 0.35)) : 1,
      shading: [workstation.normal() * 6, workstation.normal() * 6],
    },
    motion: {
      breathing: breath < 0.5 ? motion.between(0, 1.5) : breath < 0.8 ? motion.between(1.5, 9) : motion.between(9, 32),
      period: motion.between(2.8, 5.5),
      held: breath < 0.5 ? 1 : motion.between(0, 0.9),
      sag: Math.abs(motion.normal()) * 2.2,
      body: Math.abs(motion.normal()) * 0.7,
      heartRateHz: motion.between(0.9, 1.6),
    },
    body: {
      spineX,
      ostium: [spineX + body.between(-25, 30), Math.min(FIELD_HEIGHT - 150, hilum[1] + body.between(10, 110))],
      hilum,
      liver: { left, top, right, bottom },
    },
    tumours: { count: body.pick(counts), poorShare: 0.28 },
  };
}

function drawTiming(random: Random, rateHz?: number): Patient['timing'] {
  const rate = rateHz ?? random.pick([2, 2, 3, 3, 3, 3.75, 4, 4, 6, 7.5]);
  const acquisitions = random.integer(20, 30);
  const preContrast = random.integer(2, 5);
  const washIn = random.integer(7, Math.min(13, acquisitions - preContrast - 6));
  const washInSeconds = washIn / rate;
  const plateau = (acquisitions - preContrast - washIn) / rate;
  const phase = random.fork('phase');
  const isShort = phase.chance(0.2);
  return {
    rateHz: rate,
    acquisitions,
    preContrast,
    washIn,
    washInSeconds,
    // After a short injection the arteries have emptied by the time the tissue is stained.
    injectionSeconds: isShort ? washInSeconds * phase.between(0.55, 0.9) : washInSeconds * 0.8 + plateau * random.between(0.45, 1.5),
  };
}
