import fc from 'fast-check';
import { seededRandom, type Random } from '../../src/phantom/random';

/**
 * Random changes of something, from a seed: a case takes microseconds and can be repeated; fast-check shrinks a failing
 * one to fewer changes.
 */
export const byChance = <T>(make: (random: Random, changes: number) => T, most: number): fc.Arbitrary<T> =>
  fc.tuple(fc.nat(0x7fffffff), fc.integer({ min: 1, max: most })).map(([seed, changes]) => make(seededRandom(seed), changes));

/** Pieces of text that mean something to some parser. */
const oddTexts = [
  ...['', '\0', '\n', '\r\n', '\u2028', '\ufeff', '\ud800', '"', "'", '\\', '#', '%', '%00', '%ZZ', '%E0%A4%A', '&', '=', '?', ':', '@'],
  ...['/', '//', '..', '../../..', '[', ']', '{', '}', '- ', '!!binary ', '*a', '&a ', '<<: *a', '|\n', '\t', '__proto__', 'constructor'],
  ...['toString', 'null', 'NaN', 'Infinity', '-0', '1e999', '0x7fffffff', '99999999999999999999', '-1', 'true', '😀', 'a'.repeat(300)],
];
/** Bytes that mean something to some parser. */
const oddBytes = [[0], [255], [127], [128], [255, 255], [0, 0, 0, 1], [255, 255, 255, 255], [128, 128, 128, 128, 128]];

const letter = (random: Random): string =>
  random.chance(0.7)
    ? String.fromCharCode(random.integer(32, 126))
    : String.fromCharCode(random.integer(0, random.chance(0.5) ? 255 : 65_535));
const letters = (random: Random, most: number): string => Array.from({ length: random.integer(0, most) }, () => letter(random)).join('');
const oddText = (random: Random): string => (random.chance(0.6) ? random.pick(oddTexts) : letters(random, 12));
const bytesOf = (random: Random, most: number): number[] => Array.from({ length: random.integer(0, most) }, () => random.integer(0, 255));
const oddPiece = (random: Random): Uint8Array => Uint8Array.from(random.chance(0.5) ? random.pick(oddBytes) : bytesOf(random, 12));

/** What texts and bytes have in common. */
interface Sequence<T> {
  readonly size: (whole: T) => number;
  readonly slice: (whole: T, from: number, to: number) => T;
  readonly odd: (random: Random) => T;
  readonly join: (...parts: T[]) => T;
}

const edits = ['replace', 'replace', 'insert', 'remove', 'repeat', 'cut', 'move'] as const;

function edited<T>(whole: T, random: Random, is: Sequence<T>): T {
  const size = is.size(whole);
  const from = random.integer(0, Math.max(0, size - 1));
  // Mostly short: a change of half the input leaves little to understand.
  const length = random.chance(0.5) ? 1 : random.integer(1, 1 + Math.floor(size * (random.chance(0.8) ? 0.02 : 1)));
  const to = Math.min(size, from + length);
  const [before, middle, after] = [is.slice(whole, 0, from), is.slice(whole, from, to), is.slice(whole, to, size)];
  switch (random.pick(edits)) {
    case 'replace':
      return is.join(before, is.odd(random), after);
    case 'insert':
      return is.join(before, is.odd(random), middle, after);
    case 'remove':
      return is.join(before, after);
    case 'repeat':
      return is.join(before, middle, middle, middle, after);
    case 'cut':
      return before;
    case 'move':
      return is.join(middle, before, after);
  }
}

const texts: Sequence<string> = {
  size: (text) => text.length,
  slice: (text, from, to) => text.slice(from, to),
  odd: oddText,
  join: (...parts) => parts.join(''),
};
const bytes: Sequence<Uint8Array> = {
  size: (whole) => whole.length,
  slice: (whole, from, to) => whole.subarray(from, to),
  odd: oddPiece,
  join: (...parts) => Uint8Array.from(Buffer.concat(parts)),
};

export function spoiltText(text: string, random: Random, changes: number): string {
  let spoilt = text;
  for (let i = 0; i < changes; i += 1) spoilt = edited(spoilt, random, texts);
  return spoilt;
}

export function spoiltBytes(whole: Uint8Array, random: Random, changes: number): Uint8Array {
  let spoilt = whole;
  for (let i = 0; i < changes; i += 1) spoilt = edited(spoilt, random, bytes);
  return spoilt;
}

/** A valid text with something wrong. */
export const mutatedText = (valid: fc.Arbitrary<string>, most = 4): fc.Arbitrary<string> =>
  fc
    .tuple(
      valid,
      byChance((random, changes) => (text: string) => spoiltText(text, random, changes), most),
    )
    .map(([text, spoil]) => spoil(text));

/** Valid bytes with something wrong. */
export const mutatedBytes = (valid: fc.Arbitrary<Uint8Array>, most = 4): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(
      valid,
      byChance((random, changes) => (whole: Uint8Array) => spoiltBytes(whole, random, changes), most),
    )
    .map(([whole, spoil]) => spoil(whole));

/** Any text at all: of one kind of character, of all, or of the odd pieces. */
export const anyText: fc.Arbitrary<string> = byChance(
  (random, pieces) => (random.chance(0.5) ? letters(random, 20 * pieces) : Array.from({ length: pieces }, () => oddText(random)).join('')),
  10,
);

export const anyBytes: fc.Arbitrary<Uint8Array> = byChance((random, pieces) => {
  if (random.chance(0.5)) return Uint8Array.from(bytesOf(random, 30 * pieces));
  return Uint8Array.from(Buffer.concat(Array.from({ length: 2 * pieces }, () => oddPiece(random))));
}, 10);
