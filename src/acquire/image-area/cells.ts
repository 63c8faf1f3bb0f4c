/** Side of a cell, in pixels. */
export const CELL = 16;
/** Changes that are remembered. */
const REMEMBERED = 32;

/** The accumulated changes between pictures: by cell, and by pixel along the edges. */
export interface Activity {
  readonly columns: number;
  readonly rows: number;
  readonly width: number;
  readonly height: number;
  /** For each cell, row by row: one bit per remembered change in which it was active, the latest lowest. */
  readonly cells: Uint32Array;
  /** Change of pixel column x within cell row r, at r × width + x. */
  readonly byColumn: Float64Array;
  /** Change of pixel row y within cell column c, at c × height + y. */
  readonly byRow: Float64Array;
}

/** How many of the remembered changes a cell took part in. */
export function countBits(mask: number): number {
  let count = 0;
  for (let i = 0; i < REMEMBERED; i++) count += (mask >>> i) & 1;
  return count;
}

/** Active neighbours, of eight, that make a cell active too. */
const MOST_AROUND = 5;
/** Side of the smallest patch that counts, in cells: a line of text, a clock or an ECG are thinner. */
const PATCH = 3;

/** A picture in cells. */
interface Grid {
  readonly columns: number;
  readonly rows: number;
}

/** A range of cells; right and bottom are exclusive. */
export interface Cells {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** The pixel columns it may extend to, where another image lies beside it. */
  readonly from?: number;
  readonly to?: number;
}

/** Activates cells most of whose neighbours are active: where there is little noise, some cells show none. */
export function fillHoles({ columns, rows }: Grid, active: Uint8Array): Uint8Array {
  return active.map((own, cell) => {
    if (own === 1) return 1;
    const [x, y] = [cell % columns, Math.floor(cell / columns)];
    let around = 0;
    for (let ny = Math.max(0, y - 1); ny < Math.min(rows, y + 2); ny++)
      for (let nx = Math.max(0, x - 1); nx < Math.min(columns, x + 2); nx++) around += active[ny * columns + nx] as number;
    return around >= MOST_AROUND ? 1 : 0;
  });
}

/** Morphological opening: removes what is thinner than a patch. */
export function removeThinParts({ columns, rows }: Grid, active: Uint8Array): Uint8Array {
  const open = new Uint8Array(active.length);
  for (let top = 0; top + PATCH <= rows; top++) {
    for (let left = 0; left + PATCH <= columns; left++) {
      let whole = true;
      for (let i = 0; i < PATCH ** 2 && whole; i++) whole = active[(top + Math.floor(i / PATCH)) * columns + left + (i % PATCH)] === 1;
      for (let i = 0; i < PATCH ** 2 && whole; i++) open[(top + Math.floor(i / PATCH)) * columns + left + (i % PATCH)] = 1;
    }
  }
  return open;
}

/** The bounding boxes of connected components. */
export function components({ columns, rows }: Grid, active: Uint8Array): Cells[] {
  const visited = new Uint8Array(active.length);
  const found: Cells[] = [];
  for (let start = 0; start < active.length; start++) {
    if (active[start] !== 1 || visited[start] === 1) continue;
    let [left, top, right, bottom] = [columns, rows, 0, 0];
    const waiting = [start];
    visited[start] = 1;
    for (let cell = waiting.pop(); cell !== undefined; cell = waiting.pop()) {
      const [x, y] = [cell % columns, Math.floor(cell / columns)];
      [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x + 1), Math.max(bottom, y + 1)];
      for (const [dx, dy] of STEPS) {
        const [nx, ny] = [x + dx, y + dy];
        const next = ny * columns + nx;
        if (nx < 0 || ny < 0 || nx >= columns || ny >= rows || active[next] !== 1 || visited[next] === 1) continue;
        visited[next] = 1;
        waiting.push(next);
      }
    }
    found.push({ left, top, right, bottom });
  }
  return found;
}

/** Neighbours on four sides, also across one cell: a dark band in the image, or two halves of a torn screen. */
const STEPS = [1, 2].flatMap((far) => [[far, 0] as const, [-far, 0] as const, [0, far] as const, [0, -far] as const]);
