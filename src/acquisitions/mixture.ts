import { lumaInSameRange } from '../acquire/pixels/compare-pixels';
import { ANALYSIS_SIZE, type Frame } from '../frame';

/** Local copies: a lookup per pixel costs more than the arithmetic. */
const SIZE = ANALYSIS_SIZE;
const abs = (value: number): number => (value < 0 ? -value : value);
/** Rows of the analysis image that are judged together: transfer, drawing and refresh go by rows. */
const BAND = 8;
const BANDS = SIZE / BAND;
/**
 * Least share of a picture's new detail that its neighbours in time explain in a mixture; the encoder accounts for the
 * rest. They explain less than half of a separate exposure, as it shares no noise with them, and with common structure
 * no more than the square of the next picture's share, which a mixture exceeds by this margin.
 */
const [EXPLAINED, MORE_EXPLAINED] = [0.6, 0.15];
/** The least share of the old picture in a mixture. */
const OLD_SHARE = 0.15;
/** A band with less of the new picture than this is old. */
const OLD_BAND = 0.4;
/** Mean detail, in grey levels, below which a band tells nothing. */
const SILENT = 0.15;

/**
 * Whether a picture is partly the one before and partly the one after it: torn (some rows are old), combed (every other
 * row), blended, or half drawn. Models each row as old + share × (next − old) and fits the share to its finest detail
 * along the row; a separate exposure has noise that neither neighbour explains. All three are 256 × 256 means of one
 * area.
 */
export function isMixture(before: Float32Array, shown: Float32Array, next: Float32Array): boolean {
  let [unexplained, changed, oldPart, all] = [0, 0, 0, 0];
  let oldBand = false;
  const energies = new Float64Array(BANDS);
  const shares = new Float64Array(BANDS);
  for (let band = 0; band < BANDS; band++) {
    let [bandAll, bandNew] = [0, 0];
    for (let row = band * BAND; row < (band + 1) * BAND; row++) {
      let [both, toNext, toShown] = [0, 0, 0];
      for (let i = row * SIZE + 1; i < (row + 1) * SIZE - 1; i++) {
        const inOld = detail(before, i);
        const shownChange = detail(shown, i) - inOld;
        const nextChange = detail(next, i) - inOld;
        both += shownChange * nextChange;
        toNext += nextChange * nextChange;
        toShown += shownChange * shownChange;
      }
      const share = toNext === 0 ? 1 : both / toNext;
      unexplained += toShown - share * both;
      changed += toShown;
      oldPart += Math.min(1, Math.max(0, 1 - share)) * toNext;
      bandAll += toNext;
      bandNew += both;
    }
    all += bandAll;
    energies[band] = bandAll;
    shares[band] = bandAll === 0 ? 1 : bandNew / bandAll;
  }
  if (changed === 0) return false;
  const [explained, old] = [1 - unexplained / changed, oldPart / all];
  if (explained < Math.max(EXPLAINED, (1 - old) ** 2 + MORE_EXPLAINED)) return false;
  for (let band = 0; band < BANDS; band++)
    oldBand ||= (shares[band] as number) < OLD_BAND && (energies[band] as number) > (0.3 * all) / BANDS;
  return oldBand || old > OLD_SHARE;
}

/**
 * The share of new detail in each band of rows, about 0 to √2, in ascending order, without bands that have no detail.
 */
export function freshBands(a: Float32Array, b: Float32Array): Float64Array {
  const bands: number[] = [];
  for (let band = 0; band < BANDS; band++) {
    let [fresh, texture] = [0, 0];
    for (let row = band * BAND; row < (band + 1) * BAND; row++) {
      for (let i = row * SIZE + 1; i < (row + 1) * SIZE - 1; i++) {
        const [inA, inB] = [detail(a, i), detail(b, i)];
        fresh += abs(inA - inB);
        texture += (abs(inA) + abs(inB)) / 2;
      }
    }
    if (texture > SILENT * BAND * (SIZE - 2)) bands.push(fresh / texture);
  }
  return Float64Array.from(bands).sort();
}

/**
 * Whether the even or the odd rows of a picture are still those of another: interlaced video that was not deinterlaced.
 */
export function isCombed(old: Frame, shown: Frame): boolean {
  const [a, b] = lumaInSameRange(old, shown) ?? [old.pixels, shown.pixels];
  const { x, y, width, height } = shown.imageArea;
  const changes = [0, 0];
  let sampled = 0;
  for (let row = y; row + 1 < y + height; row += FIELD_STEP) {
    for (let field = 0; field < 2; field++) {
      const start = (row + field) * shown.width + x;
      let change = 0;
      for (let i = start; i < start + width; i++) change += abs((a[i] as number) - (b[i] as number));
      changes[(row + field) & 1] = (changes[(row + field) & 1] as number) + change;
    }
    sampled += width;
  }
  const [less = 0, more = 0] = changes.sort((p, q) => p - q);
  return more > sampled && less < COMBED * more;
}

/** Distance of the pairs of rows that are compared. */
const FIELD_STEP = 6;
/** Most change of the old field, as a share of that of the other. */
const COMBED = 0.5;

/** Second difference along the row: noise and edges, but no shading. */
const detail = (image: Float32Array, i: number): number => 2 * (image[i] as number) - (image[i - 1] as number) - (image[i + 1] as number);
