import { areaOf } from '../../core/rectangles';
import type { Rect } from '../../frame';
import { type Activity, countBits, CELL, type Cells, fillHoles, components, removeThinParts } from './cells';

/** Shortest side of an X-ray image, in pixels. */
const SMALLEST_SIDE = 64;
/** Least size of a second image, as a share of the largest: a counter beside it changes with every acquisition. */
const LEAST_SHARE = 0.05;
/** Least frequency of changes in a cell, as a share of that of the busiest. */
const LEAST_FREQUENCY = 0.15;
/** Least total change of a cell, as a share of that of a busy one: an encoder touches up panels. */
const LEAST_CHANGE = 0.15;
/** Least share of active cells in the box of an image; a round one fills 0.79 of it. */
const LEAST_FILL = 0.55;
/**
 * A gap between two images: most change of a column as a share of the usual one, least width in pixels and as a share
 * of the picture.
 */
const [GAP, GAP_PIXELS, GAP_SHARE] = [0.08, 4, 0.012];
/** Two halves that share no more of their changes than this are exposed in turn. */
const IN_TURN = 0.25;
/** Least change of a line of the image, as a share of what changes further inside: an encoder smears over the edge. */
const EDGE = 0.2;
/** Most change of lines beside the image, as a share of those behind them and of the usual line. */
const [STEP, BESIDE] = [0.3, 0.3];
/** A side this close to the edge of the picture, in pixels, lies on it, unless the change begins abruptly. */
const SNAP = 3;
/**
 * Encoders redraw whole blocks of this many pixels at an edge: lines just outside the image change too, but by less
 * than this share of each of the next few inside.
 */
const [BLOCK, SHARP, BEHIND] = [8, 0.45, 4];

/**
 * The X-ray images in an activity, the largest first. Two planes are two, side by side or exposed in turn; a region
 * that fills its box badly is none.
 */
export function regionsOf(activity: Activity): Rect[] {
  const active = removeThinParts(activity, fillHoles(activity, activeCells(activity)));
  const found = components(activity, active)
    .flatMap((cells) => splitPlanes(activity, cells))
    .filter((cells) => fillShare(activity, active, cells) >= LEAST_FILL)
    .map((cells) => withEdges(activity, cells))
    .filter((box) => box.width >= SMALLEST_SIDE && box.height >= SMALLEST_SIDE);
  const largest = Math.max(...found.map(areaOf));
  return found.filter((box) => areaOf(box) >= LEAST_SHARE * largest).sort((a, b) => areaOf(b) - areaOf(a));
}

function activeCells(activity: Activity): Uint8Array {
  const counts = activity.cells.map(countBits);
  const busy = counts.filter((count) => count > 0).sort();
  const least = Math.max(1, LEAST_FREQUENCY * (busy[Math.floor(0.9 * busy.length)] ?? 0));
  const changes = changesOf(activity);
  const much = LEAST_CHANGE * (changes.filter((_, cell) => (counts[cell] as number) > 0).sort()[Math.floor(0.75 * busy.length)] ?? 0);
  return Uint8Array.from(counts, (count, cell) => (count >= least && (changes[cell] as number) >= much ? 1 : 0));
}

/** The total change of each cell. */
function changesOf({ columns, rows, width, byColumn }: Activity): Float64Array {
  const changes = new Float64Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let x = 0; x < width; x++) {
      const cell = row * columns + Math.floor(x / CELL);
      changes[cell] = (changes[cell] as number) + (byColumn[row * width + x] as number);
    }
  }
  return changes;
}

/** Splits a region into two planes, if it holds two. */
function splitPlanes(activity: Activity, cells: Cells): Cells[] {
  const gap = gapBetween(activity, cells) ?? seamBetween(activity, cells);
  if (!gap) return [cells];
  const [to, from] = gap;
  return [
    { ...cells, right: Math.ceil(to / CELL), to },
    { ...cells, left: Math.floor(from / CELL), from },
  ];
}

/** The pixel columns of a gap between two images, start and end; null: none. */
function gapBetween(activity: Activity, { left, right, top, bottom }: Cells): readonly [number, number] | null {
  const { width } = activity;
  const profile = columnProfile(activity, top, bottom);
  const [from, to] = [left * CELL, Math.min(right * CELL, width)];
  const usual = Float64Array.from(profile.subarray(from, to)).sort()[(to - from) >> 1] ?? 0;
  const minWidth = Math.max(GAP_PIXELS, GAP_SHARE * width);
  for (let x = from + SMALLEST_SIDE, start = -1; x < to - SMALLEST_SIDE; x++) {
    if ((profile[x] as number) < GAP * usual) {
      if (start < 0) start = x;
    } else if (start >= 0 && x - start >= minWidth) return [start, x];
    else start = -1;
  }
  return null;
}

/**
 * Where the left part ends and the right one begins, in pixels, if neither takes part in the other's changes; null
 * otherwise. A torn screen is split from top to bottom, not from left to right.
 */
function seamBetween({ columns, cells }: Activity, { left, right, top, bottom }: Cells): readonly [number, number] | null {
  const masks = Array.from({ length: right - left }, (_, i) => {
    let mask = 0;
    for (let bit = 0; bit < 32; bit++) {
      let active = 0;
      for (let row = top; row < bottom; row++) active += ((cells[row * columns + left + i] as number) >>> bit) & 1;
      if (active >= 0.5 * (bottom - top)) mask |= 1 << bit;
    }
    return mask >>> 0;
  });
  const least = Math.ceil(SMALLEST_SIDE / CELL);
  for (let seam = least; seam <= masks.length - least; seam++) {
    const [before, after] = [masks[seam - 2] as number, masks[seam + 1] as number];
    const fewer = Math.min(countBits(before), countBits(after));
    if (fewer < 2 || countBits(before & after) > IN_TURN * fewer) continue;
    const shared = countBits((masks[seam] as number) & before) > IN_TURN * fewer ? 1 : 0;
    return [(left + seam) * CELL, (left + seam + shared) * CELL];
  }
  return null;
}

function fillShare({ columns }: Activity, active: Uint8Array, { left, top, right, bottom }: Cells): number {
  let count = 0;
  for (let row = top; row < bottom; row++)
    for (let column = left; column < right; column++) count += active[row * columns + column] as number;
  return count / ((right - left) * (bottom - top));
}

function columnProfile({ width, byColumn }: Activity, top: number, bottom: number): Float64Array {
  const profile = new Float64Array(width);
  for (let row = top; row < bottom; row++)
    for (let x = 0; x < width; x++) profile[x] = (profile[x] as number) + (byColumn[row * width + x] as number);
  return profile;
}

function rowProfile({ height, byRow }: Activity, left: number, right: number): Float64Array {
  const profile = new Float64Array(height);
  for (let column = left; column < right; column++)
    for (let y = 0; y < height; y++) profile[y] = (profile[y] as number) + (byRow[column * height + y] as number);
  return profile;
}

/** The box of a region, to the pixel. */
function withEdges(activity: Activity, { left, top, right, bottom, from = 0, to = activity.width }: Cells): Rect {
  const [fromX, toX] = edges(columnProfile(activity, top, bottom).fill(0, 0, from).fill(0, to), left * CELL, right * CELL);
  const [fromY, toY] = edges(rowProfile(activity, left, right), top * CELL, bottom * CELL);
  return { x: fromX, y: fromY, width: toX - fromX, height: toY - fromY };
}

/** First and last line, searched from a cell outside to two cells inside the estimate. */
function edges(profile: Float64Array, from: number, to: number): readonly [number, number] {
  const first = side(profile, from, to);
  const last = profile.length - side(profile.toReversed(), profile.length - to, profile.length - from);
  return [first, last];
}

/** The first line, moved to the edge of the picture if it is close. */
function side(profile: Float64Array, from: number, to: number): number {
  const first = edge(profile, from, to);
  return sharpEdge(profile, first) ?? (first <= SNAP ? 0 : first);
}

/**
 * The last line within a block of the first where the change begins abruptly; null: none, as where an image fades out.
 */
function sharpEdge(profile: Float64Array, first: number): number | null {
  let sharp: number | null = null;
  let outside = 0;
  for (let line = Math.max(1, first); line <= first + BLOCK; line++) {
    outside = Math.max(outside, profile[line - 1] as number);
    if (outside < SHARP * Math.min(...profile.subarray(line + 1, line + 1 + BEHIND))) sharp = line;
  }
  return sharp;
}

/**
 * The first line that changes as much as those further inside. If all lines before an abrupt increase change far less,
 * they are text beside the image, and it begins there.
 */
function edge(profile: Float64Array, from: number, to: number): number {
  const mean = (start: number, end: number): number =>
    profile.subarray(Math.max(0, start), end).reduce((sum, value) => sum + value, 0) / (end - start);
  const enough = EDGE * mean(from + CELL, from + 2 * CELL);
  let first = Math.max(0, from - CELL);
  while (first < from + 2 * CELL && (profile[first] as number) <= enough) first++;
  const usual = Float64Array.from(profile.subarray(from, to)).sort()[(to - from) >> 1] ?? 0;
  for (let line = first + 8; line < first + (to - from) / 4; line++) {
    const sudden = mean(line - 8, line) < STEP * mean(line, line + 8);
    if (!sudden || mean(first, line) >= BESIDE * usual) continue;
    let begin = line;
    while (begin < line + 8 && (profile[begin] as number) <= EDGE * mean(line + 8, line + 16)) begin++;
    return begin;
  }
  return first;
}
