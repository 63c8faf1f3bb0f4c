/** Cells of so many pixels squared. */
export const CELL = 16;
/** So many changes are remembered. */
const REMEMBERED = 32;

/** What the changes from picture to picture add up to, cell by cell, and along the edges pixel by pixel. */
export interface Activity {
  readonly columns: number;
  readonly rows: number;
  readonly width: number;
  readonly height: number;
  /** Of each cell, row by row: a bit for each remembered change in which it was active, the last one lowest. */
  readonly cells: Uint32Array;
  /** How much pixel column x changed within cell row r: at r × width + x. */
  readonly byColumn: Float64Array;
  /** How much pixel row y changed within cell column c: at c × height + y. */
  readonly byRow: Float64Array;
}

/** How many of the remembered changes a cell took part in. */
export function countBits(mask: number): number {
  let count = 0;
  for (let i = 0; i < REMEMBERED; i++) count += (mask >>> i) & 1;
  return count;
}

/** Active cells among the eight around one that make it active, too. */
const MOST_AROUND = 5;
/** Cells along a side of the smallest patch that counts: a line of text, a clock, an ECG are thinner. */
const PATCH = 3;

/** A picture in cells. */
interface Grid {
  readonly columns: number;
  readonly rows: number;
}

/** Cells from and up to, not including. */
export interface Cells {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Pixel columns that belong to it at most, where another image lies beside it. */
  readonly from?: number;
  readonly to?: number;
}

/** With cells among whose neighbours most are active: where little noise is, some cells show none. */
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

/** Without what is thinner than a patch. */
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

/** What hangs together, each as the box around it. */
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

/** To the four sides, and over a gap of one cell: a dark band within the image, two halves that a screen tore. */
const STEPS = [1, 2].flatMap((far) => [[far, 0] as const, [-far, 0] as const, [0, far] as const, [0, -far] as const]);
