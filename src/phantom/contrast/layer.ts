import type { Grid } from '../anatomy/field';
import { blur, type GridWindow } from '../imaging/blur';

/** The degree of filling, 0…1, `seconds` after contrast arrived. */
export type Filling = (seconds: number) => number;

/** An endless injection through a gamma-variate response (shape 2): 0 until it arrives, then rising to 1. */
export function washIn(seconds: number, timeConstant: number): number {
  if (seconds <= 0) return 0;
  const x = seconds / timeConstant;
  return 1 - Math.exp(-x) * (1 + x);
}

/** An artery: a bolus of `injection` seconds, spread by gamma-variate responses. */
export function arterialFilling(rise: number, injection: number, fall: number): Filling {
  return (seconds) => washIn(seconds, rise) * (1 - washIn(seconds - injection, fall));
}

/** Parenchyma and tumour: contrast stays, with an exponential decay after `stays` seconds. */
export function tissueFilling(rise: number, stays: number, decay: number): Filling {
  return (seconds) => washIn(seconds, rise) * (seconds > stays ? Math.exp(-(seconds - stays) / decay) : 1);
}

// Local copies are faster in per-pixel loops.
const abs = Math.abs;
const max = Math.max;

/** Something that fills with contrast: how much it darkens when full, and when contrast arrives. */
export interface Layer {
  readonly grid: Grid;
  /** Darkening in grey levels at full contrast. */
  readonly amount: Float32Array;
  /** Amount × seconds from injection to arrival, so that arrival times can be averaged. */
  readonly delayed: Float32Array;
  readonly filling: Filling;
}

export function emptyLayer(grid: Grid, filling: Filling): Layer {
  const size = grid.width * grid.height;
  return { grid, amount: new Float32Array(size), delayed: new Float32Array(size), filling };
}

export function addTo(layer: Layer, index: number, amount: number, arrival: number): void {
  layer.amount[index]! += amount;
  layer.delayed[index]! += amount * arrival;
}

/** Unsharpness of detector and focal spot, `sigma` in display pixels. */
export function blurLayer(layer: Layer, sigma: number): Layer {
  const window = occupiedWindow(layer);
  blur(layer.amount, layer.grid, sigma, window);
  blur(layer.delayed, layer.grid, sigma, window);
  return layer;
}

/** The smallest window with all that is not empty. */
function occupiedWindow({ amount, grid }: Layer): GridWindow {
  let [left, right, top, bottom] = [grid.width, -1, grid.height, -1];
  for (let y = 0; y < grid.height; y++) {
    const row = y * grid.width;
    let first = 0;
    while (first < grid.width && amount[row + first] === 0) first++;
    if (first === grid.width) continue;
    let last = grid.width - 1;
    while (amount[row + last] === 0) last--;
    if (first < left) left = first;
    if (last > right) right = last;
    if (y < top) top = y;
    bottom = y;
  }
  return { left, right, top, bottom };
}

/** A layer as a list of its non-empty pixels, to be filled at any time. */
export interface Stain {
  readonly index: Int32Array;
  readonly amount: Float32Array;
  readonly arrival: Float32Array;
  readonly filling: Filling;
}

/** The layer on a grid `factor` times coarser in both directions, without its empty pixels. */
export function toStain(layer: Layer, factor: number): Stain {
  const width = layer.grid.width / factor;
  const height = layer.grid.height / factor;
  const index: number[] = [];
  const amount: number[] = [];
  const arrival: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      let delayed = 0;
      for (let j = 0; j < factor; j++) {
        const row = (y * factor + j) * layer.grid.width + x * factor;
        for (let i = 0; i < factor; i++) {
          sum += layer.amount[row + i]!;
          delayed += layer.delayed[row + i]!;
        }
      }
      if (abs(sum) < 0.05 * factor * factor) continue;
      index.push(y * width + x);
      amount.push(sum / (factor * factor));
      arrival.push(delayed / sum);
    }
  }
  return { index: Int32Array.from(index), amount: Float32Array.from(amount), arrival: Float32Array.from(arrival), filling: layer.filling };
}

const LOOKUP = 2048;

/** Adds the stain's darkening `seconds` after the injection. */
export function addStain(into: Float32Array, stain: Stain, seconds: number, lookup = new Float32Array(LOOKUP)): void {
  const { index, amount, arrival, filling } = stain;
  let earliest = Infinity;
  let latest = -Infinity;
  for (let i = 0; i < arrival.length; i++) {
    const a = arrival[i]!;
    if (a < earliest) earliest = a;
    if (a > latest) latest = a;
  }
  if (earliest > seconds) return;
  const span = max(1e-6, latest - earliest);
  for (let i = 0; i < LOOKUP; i++) lookup[i] = filling(seconds - earliest - (span * i) / (LOOKUP - 1));
  const scale = (LOOKUP - 1) / span;
  for (let i = 0; i < index.length; i++) into[index[i]!]! += amount[i]! * lookup[((arrival[i]! - earliest) * scale + 0.5) | 0]!;
}
