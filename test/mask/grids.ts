import fc from 'fast-check';

/** A small picture of 0 and 1. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  readonly bits: Uint8Array;
}

/** Pictures of all shapes and densities, up to 24 × 24. */
export const grids: fc.Arbitrary<Grid> = fc
  .tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 24 }))
  .chain(([width, height]) =>
    fc
      .array(fc.boolean(), { minLength: width * height, maxLength: width * height })
      .map((bits) => ({ width, height, bits: Uint8Array.from(bits, Number) })),
  );

/** A picture drawn with # for 1. */
export function drawn(...rows: string[]): Grid {
  return { width: rows[0]?.length ?? 0, height: rows.length, bits: Uint8Array.from(rows.join(''), (c) => (c === '#' ? 1 : 0)) };
}

/** A filled disc on a picture. */
export function disc(size: number, x: number, y: number, radius: number): Grid {
  const bits = new Uint8Array(size * size);
  for (let i = 0; i < bits.length; i++) bits[i] = Math.hypot((i % size) + 0.5 - x, Math.floor(i / size) + 0.5 - y) <= radius ? 1 : 0;
  return { width: size, height: size, bits };
}
