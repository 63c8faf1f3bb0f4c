import type { Rect } from '../../frame';
import { CHANGED, changedShare } from '../pixels/compare-pixels';
import { regionsOf } from './active-regions';
import { type Activity, CELL } from './cells';

/** Cap for the change of a pixel, or what appears at once would outweigh all noise. */
const MOST_CHANGE = 32;
/** Least share of changed pixels in an active cell. */
const ACTIVE = 0.02;
/**
 * Fresh quantum noise makes pixels brighter and darker side by side: at least this share of the changes in a tile goes
 * the rarer way, in this share of the tiles. A change of content goes one way in whole patches.
 */
const [BOTH_WAYS, NOISY] = [0.15, 0.5];
/** Cells along a side of a tile. */
const TILE = 4;
/** Least share of changed pixels, of those sampled, for a change to count. */
const LEAST_CHANGED = 0.02;
/** A change of this many times more cells discards all before it: a menu, or a panel that an encoder refines. */
const FAR_MORE = 3;

/** Numbers of pixels that became brighter and darker. */
interface Change {
  readonly brighter: number;
  readonly darker: number;
}

/**
 * Accumulates where pictures of one size change. A new acquisition changes nearly all of its image and no panel, but
 * may arrive piecewise: from an encoder, on a torn screen, or as two planes in turn.
 */
export class ActivityMap implements Activity {
  readonly columns: number;
  readonly rows: number;
  /** Cells that changed with fresh noise; before any noise, all that changed. */
  readonly cells: Uint32Array;
  readonly byColumn: Float64Array;
  readonly byRow: Float64Array;
  private changeCount = 0;
  private noisyChanges = 0;
  /** Active cells of the largest change. */
  private most = 0;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    [this.columns, this.rows] = [Math.ceil(width / CELL), Math.ceil(height / CELL)];
    this.cells = new Uint32Array(this.columns * this.rows);
    this.byColumn = new Float64Array(this.rows * width);
    this.byRow = new Float64Array(this.columns * height);
  }

  /** The number of accumulated changes. */
  get changes(): number {
    return this.changeCount;
  }

  /** How many of them brought fresh noise. */
  get exposures(): number {
    return this.noisyChanges;
  }

  /** Adds the change between two pictures; false: too little changed to count. */
  add(before: Uint8Array, after: Uint8Array): boolean {
    const { width, height } = this;
    if (changedShare(before, after, width, { x: 0, y: 0, width, height }) < LEAST_CHANGED) return false;
    this.changeCount += 1;
    const changes = Array.from({ length: this.cells.length }, (_, cell) => this.recordCell(before, after, cell));
    const active = changes.filter((change) => change !== null).length;
    const isNoisy = this.isNoisy(changes);
    if (active > FAR_MORE * this.most) [this.changeCount, this.noisyChanges] = [1, 0];
    this.most = Math.max(this.most, active);
    if (!isNoisy && this.noisyChanges > 0) return true;
    if (isNoisy && this.noisyChanges++ === 0) this.cells.fill(0);
    for (const [cell, change] of changes.entries()) this.cells[cell] = (((this.cells[cell] as number) << 1) | (change ? 1 : 0)) >>> 0;
    return true;
  }

  /** Where X-ray images seem to lie, the largest first: where noise came or, before any, where anything changed. */
  regions(): Rect[] {
    return regionsOf(this);
  }

  private recordCell(before: Uint8Array, after: Uint8Array, cell: number): Change | null {
    const { width, height, byColumn, byRow } = this;
    const [column, row] = [cell % this.columns, Math.floor(cell / this.columns)];
    const [left, top] = [column * CELL, row * CELL];
    const [right, bottom] = [Math.min(left + CELL, width), Math.min(top + CELL, height)];
    let [brighter, darker] = [0, 0];
    for (let y = top; y < bottom; y++) {
      let along = 0;
      for (let x = left, i = y * width + left; x < right; x++, i++) {
        const difference = (after[i] as number) - (before[i] as number);
        const size = difference < 0 ? -difference : difference;
        if (size < CHANGED) continue;
        if (difference > 0) brighter += 1;
        else darker += 1;
        const counted = size > MOST_CHANGE ? MOST_CHANGE : size;
        along += counted;
        byColumn[row * width + x] = (byColumn[row * width + x] as number) + counted;
      }
      byRow[column * height + y] = (byRow[column * height + y] as number) + along;
    }
    return brighter + darker >= ACTIVE * (right - left) * (bottom - top) ? { brighter, darker } : null;
  }

  private isNoisy(changes: readonly (Change | null)[]): boolean {
    const across = Math.ceil(this.columns / TILE);
    const tiles = new Map<number, Change>();
    for (const [cell, change] of changes.entries()) {
      if (!change) continue;
      const tile = Math.floor(Math.floor(cell / this.columns) / TILE) * across + Math.floor((cell % this.columns) / TILE);
      const { brighter, darker } = tiles.get(tile) ?? { brighter: 0, darker: 0 };
      tiles.set(tile, { brighter: brighter + change.brighter, darker: darker + change.darker });
    }
    let noisy = 0;
    for (const { brighter, darker } of tiles.values()) if (Math.min(brighter, darker) >= BOTH_WAYS * (brighter + darker)) noisy++;
    return noisy >= NOISY * tiles.size;
  }
}
