import type { Rect } from '../frame';

/** The block of a picture in which nearly everything changed from one picture to the next. */
export interface ActivityBox {
  readonly box: Rect;
  /** Brighter and darker side by side all over the block, as fresh quantum noise is; a change of what is shown goes one way in whole patches. */
  readonly noisy: boolean;
}

/** Grey levels; a codec changes a standing picture by less, quantum noise by more. */
const changed = 2;
/** The block is looked at in tiles × tiles parts. */
const tiles = 8;
const smallestSide = 64;

/**
 * Where the X-ray image lies, as the change from one picture to the next shows it: a new acquisition changes nearly every part of the image area and no
 * panel. Clocks and other small things are left out. Null: no such change.
 */
export function activityBox(before: Uint8Array, after: Uint8Array, width: number, height: number): ActivityBox | null {
  if (changedShareOfSample(before, after, width, height) < 0.02) return null;
  let box: Rect = { x: 0, y: 0, width, height };
  for (let round = 0; round < 3; round += 1) {
    const columns = longestDense(columnCounts(before, after, width, box), box.height);
    if (columns.length < smallestSide) return null;
    box = { ...box, x: box.x + columns.start, width: columns.length };
    const rows = longestDense(rowCounts(before, after, width, box), box.width);
    if (rows.length < smallestSide) return null;
    box = { ...box, y: box.y + rows.start, height: rows.length };
    if (round > 0 && columns.length === width && rows.length === height) break;
  }
  return lookAtTiles(before, after, width, withSharpEdges(before, after, width, box));
}

/** A codec smears a little of the activity over the edge: lines that change much less than those further inside are cut off, a few on each side. */
function withSharpEdges(before: Uint8Array, after: Uint8Array, width: number, { x, y, width: w, height: h }: Rect): Rect {
  const along = (from: number, step: number, length: number): number => {
    let sum = 0;
    for (let i = from, n = 0; n < length; i += step, n += 1) sum += Math.abs((after[i] ?? 0) - (before[i] ?? 0));
    return sum;
  };
  const cut = (line: (distance: number) => number): number => {
    const enough = (0.2 * (line(12) + line(16) + line(20))) / 3;
    let lines = 0;
    while (lines < 4 && line(lines) < enough) lines += 1;
    return lines;
  };
  const left = cut((d) => along(y * width + x + d, width, h));
  const right = cut((d) => along(y * width + x + w - 1 - d, width, h));
  const top = cut((d) => along((y + d) * width + x, 1, w));
  const bottom = cut((d) => along((y + h - 1 - d) * width + x, 1, w));
  return { x: x + left, y: y + top, width: w - left - right, height: h - top - bottom };
}

/** Of every 16th pixel of every 4th row: cheap enough to be asked of every frame. */
function changedShareOfSample(before: Uint8Array, after: Uint8Array, width: number, height: number): number {
  let count = 0;
  let looked = 0;
  for (let y = 0; y < height; y += 4) {
    for (let i = y * width + ((y * 5) & 15), end = (y + 1) * width; i < end; i += 16) {
      const difference = (after[i] ?? 0) - (before[i] ?? 0);
      if (difference >= changed || difference <= -changed) count += 1;
      looked += 1;
    }
  }
  return looked === 0 ? 0 : count / looked;
}

function columnCounts(before: Uint8Array, after: Uint8Array, width: number, box: Rect): Uint32Array {
  const counts = new Uint32Array(box.width);
  for (let y = box.y; y < box.y + box.height; y += 1) {
    const start = y * width + box.x;
    for (let x = 0; x < box.width; x += 1) {
      const difference = (after[start + x] ?? 0) - (before[start + x] ?? 0);
      if (difference >= changed || difference <= -changed) counts[x] = (counts[x] ?? 0) + 1;
    }
  }
  return counts;
}

function rowCounts(before: Uint8Array, after: Uint8Array, width: number, box: Rect): Uint32Array {
  const counts = new Uint32Array(box.height);
  for (let y = 0; y < box.height; y += 1) {
    const start = (box.y + y) * width + box.x;
    let count = 0;
    for (let i = start; i < start + box.width; i += 1) {
      const difference = (after[i] ?? 0) - (before[i] ?? 0);
      if (difference >= changed || difference <= -changed) count += 1;
    }
    counts[y] = count;
  }
  return counts;
}

/** Neighbouring lines that changed, and how much. */
interface Stretch {
  readonly start: number;
  readonly length: number;
  readonly sum: number;
}

/**
 * The stretch of lines with the most changes in it; a line belongs to it when it has a tenth of the changes of a typical changing line. What lies beyond a
 * narrow gap belongs to it too (a dark band, a border), unless it changed much less: a line of text beside the image.
 */
function longestDense(counts: Uint32Array, of: number): { readonly start: number; readonly length: number } {
  const busy = counts.filter((count) => count > 0.02 * of).sort();
  const typical = busy[Math.floor(busy.length * 0.6)] ?? 0;
  const found = stretches(counts, Math.max(0.1 * typical, 0.01 * of, 1));
  let densest: Stretch = { start: 0, length: 0, sum: 0 };
  for (const stretch of found) if (stretch.sum > densest.sum) densest = stretch;
  const least = 0.3 * (densest.sum / densest.length);
  const widestGap = Math.max(2, Math.round(0.02 * counts.length));
  let [from, to] = [densest.start, densest.start + densest.length];
  const belongs = ({ length, sum }: Stretch): boolean => sum >= least * length;
  for (const stretch of found) {
    if (stretch.start >= to && stretch.start - to < widestGap && belongs(stretch)) to = stretch.start + stretch.length;
  }
  for (const stretch of found.toReversed()) {
    const end = stretch.start + stretch.length;
    if (end <= from && from - end < widestGap && belongs(stretch)) from = stretch.start;
  }
  return { start: from, length: to - from };
}

/** Lines of at least `enough` changes; a line or two with less do not part them. */
function stretches(counts: Uint32Array, enough: number): readonly Stretch[] {
  const found: Stretch[] = [];
  let [start, last, sum] = [-1, -1, 0];
  for (let i = 0; i <= counts.length; i += 1) {
    const count = counts[i] ?? 0;
    if (start >= 0 && (i === counts.length || i - last > 3)) {
      found.push({ start, length: last + 1 - start, sum });
      [start, sum] = [-1, 0];
    }
    if (i < counts.length && count >= enough) {
      if (start < 0) start = i;
      last = i;
      sum += count;
    }
  }
  return found;
}

function lookAtTiles(before: Uint8Array, after: Uint8Array, width: number, box: Rect): ActivityBox | null {
  let active = 0;
  let mixed = 0;
  for (let tile = 0; tile < tiles * tiles; tile += 1) {
    const left = box.x + Math.floor(((tile % tiles) * box.width) / tiles);
    const top = box.y + Math.floor((Math.floor(tile / tiles) * box.height) / tiles);
    const right = left + Math.floor(box.width / tiles);
    const bottom = top + Math.floor(box.height / tiles);
    let brighter = 0;
    let darker = 0;
    for (let y = top; y < bottom; y += 1) {
      for (let i = y * width + left; i < y * width + right; i += 1) {
        const difference = (after[i] ?? 0) - (before[i] ?? 0);
        if (difference >= changed) brighter += 1;
        else if (difference <= -changed) darker += 1;
      }
    }
    if (brighter + darker >= 0.05 * (right - left) * (bottom - top)) active += 1;
    if (Math.min(brighter, darker) >= 0.15 * (brighter + darker) && brighter + darker > 0) mixed += 1;
  }
  // The corners of a round image stay empty.
  if (active < 0.7 * tiles * tiles) return null;
  return { box, noisy: mixed >= 0.6 * tiles * tiles };
}
