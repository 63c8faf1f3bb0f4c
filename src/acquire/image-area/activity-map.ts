import type { Rect } from '../../frame';
import { CHANGED, changedShare } from '../pixels/compare-pixels';
import { regionsOf } from './active-regions';
import { type Activity, CELL } from './cells';

/** A change counts for no more than this, or what appears at once would outweigh all noise. */
const MOST_CHANGE = 32;
/** Of a cell's pixels, for the cell to be active. */
const ACTIVE = 0.02;
/**
 * Brighter and darker side by side, as fresh quantum noise is: at least this share of the changes of a tile goes the rarer way, in this share of the tiles. A change of what is shown
 * goes one way in whole patches.
 */
const [BOTH_WAYS, NOISY] = [0.15, 0.5];
/** Cells along a tile. */
const TILE = 4;
/** Changed pixels, of those sampled, for a change to be looked at at all. */
const LEAST_CHANGED = 0.02;
/** A change of so many times more cells makes all before it a prelude: a menu, a panel that an encoder refines. */
const FAR_MORE = 3;

/** How many pixels became brighter and darker. */
interface Change {
  readonly brighter: number;
  readonly darker: number;
}

/**
 * Gathers where pictures of one size change from one to the next, over many changes: a new acquisition changes nearly every part of its image and no panel, but an encoder may bring it
 * piece by piece, a screen torn, two planes in turn.
 */
export class ActivityMap implements Activity {
  readonly columns: number;
  readonly rows: number;
  /** Cells that changed with noise all over, and what changed at all before any did. */
  readonly cells: Uint32Array;
  readonly byColumn: Float64Array;
  readonly byRow: Float64Array;
  private changeCount = 0;
  private noisyChanges = 0;
  /** The cells of the change with the most. */
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

  /** How many changes were gathered. */
  get changes(): number {
    return this.changeCount;
  }

  /** In how many of them there was fresh noise. */
  get exposures(): number {
    return this.noisyChanges;
  }

  /** Takes the change from one picture to the next; false: too little changed to tell anything. */
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

  /** Where X-ray images seem to lie, the largest first: where noise came, or, before any did, where anything changed. */
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
