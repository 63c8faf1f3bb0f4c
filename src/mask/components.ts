/** One connected region of a mask, in pixels of the mask. */
export interface Component {
  /** Its number in `Components.labels`, from 1. */
  readonly label: number;
  /** Index of the leftmost pixel in its topmost row. */
  readonly first: number;
  readonly area: number;
  /** Sums over its pixels' columns and rows: `area` times its centre. */
  readonly sumX: number;
  readonly sumY: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Components {
  readonly width: number;
  readonly height: number;
  /** The component's label for each pixel, 0 for none. */
  readonly labels: Uint32Array;
  /** Largest first. */
  readonly components: readonly Component[];
}

/**
 * Regions below this area count as noise: 9 of 65 536 pixels are about 3.5 mm across in a liver image 300 mm wide, less
 * than a catheter tip's shadow and far smaller than a lesion that would be treated.
 */
export const MINIMUM_AREA = 9;

/**
 * The regions of set pixels that touch by side or corner (8-connectivity), except those below `minimumArea`. Throws
 * when `bits` has another size.
 */
export function connectedComponents(bits: Uint8Array, width: number, height: number, minimumArea = MINIMUM_AREA): Components {
  if (bits.length !== width * height) throw new Error(`Expected ${width}×${height} pixels, got ${bits.length}`);
  const runs = joinedRuns(bits, width, height);
  const found = measureComponents(runs, width).filter(({ area }) => area >= minimumArea);
  found.sort((a, b) => b.area - a.area || a.first - b.first);
  const labels = new Uint32Array(bits.length);
  const numbered = found.map((component, i) => ({ ...component, label: i + 1 }));
  const labelOf = new Map(found.map(({ label }, i) => [label, i + 1]));
  runs.forEach(({ from, to }, i) => {
    const label = labelOf.get(rootOf(runs, i));
    if (label !== undefined) labels.fill(label, from, to);
  });
  return { width, height, labels, components: numbered };
}

/** Adjacent set pixels of one row. */
interface PixelRun {
  /** Index of its first pixel, and one past its last. */
  readonly from: number;
  readonly to: number;
  /** An earlier run of the same component, or itself; a component's root is its first run. */
  parent: number;
}

function joinedRuns(bits: Uint8Array, width: number, height: number): PixelRun[] {
  const runs: PixelRun[] = [];
  let above = 0;
  for (let y = 0; y < height; y++) {
    const aboveEnd = runs.length;
    let candidate = above;
    for (let i = y * width, end = i + width; i < end; i++) {
      if (bits[i] === 0) continue;
      const from = i;
      while (i < end && bits[i] !== 0) i++;
      const own = runs.length;
      runs.push({ from, to: i, parent: own });
      // Runs above touch it when they overlap [from − 1, to + 1); the last of them may touch the next run too.
      while (candidate < aboveEnd && (runs[candidate] as PixelRun).to < from - width) candidate++;
      for (let k = candidate; k < aboveEnd && (runs[k] as PixelRun).from <= i - width; k++) join(runs, own, k);
    }
    above = aboveEnd;
  }
  return runs;
}

function rootOf(runs: readonly PixelRun[], run: number): number {
  let at = runs[run] as PixelRun;
  let root = run;
  while (at.parent !== root) {
    const next = runs[at.parent] as PixelRun;
    at.parent = next.parent;
    root = at.parent;
    at = runs[root] as PixelRun;
  }
  return root;
}

function join(runs: readonly PixelRun[], a: number, b: number): void {
  const [x, y] = [rootOf(runs, a), rootOf(runs, b)];
  (runs[Math.max(x, y)] as PixelRun).parent = Math.min(x, y);
}

/** Measures each component, labelled by its root. */
function measureComponents(runs: readonly PixelRun[], width: number): Component[] {
  const byRoot = new Map<number, { -readonly [key in keyof Component]: Component[key] }>();
  runs.forEach(({ from, to }, i) => {
    const label = rootOf(runs, i);
    const y = Math.floor(from / width);
    const [left, right] = [from - y * width, to - 1 - y * width];
    const [area, sumX] = [to - from, ((left + right) * (to - from)) / 2];
    const known = byRoot.get(label);
    if (known === undefined) {
      byRoot.set(label, { label, first: from, area, sumX, sumY: y * area, left, top: y, right, bottom: y });
      return;
    }
    known.area += area;
    known.sumX += sumX;
    known.sumY += y * area;
    known.left = Math.min(known.left, left);
    known.right = Math.max(known.right, right);
    known.bottom = y;
  });
  return [...byRoot.values()];
}
