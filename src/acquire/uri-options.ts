import { escapeLine } from '../core/log-text';
import type { Rect } from '../frame';

/** An invalid source URI: which key, what was expected, what was found. */
export class SourceUriError extends Error {
  readonly code = 'INVALID_SOURCE';
  constructor(
    readonly key: string,
    readonly expected: string,
    readonly got: string,
  ) {
    super(escapeLine(`${key}: expected ${expected}, got ${got}`));
    this.name = 'SourceUriError';
  }
}

/** Parses an option's text; undefined if it is invalid. */
export interface OptionReader<T> {
  readonly expected: string;
  readonly read: (text: string) => T | undefined;
}

export const text: OptionReader<string> = {
  expected: 'one line of at most 100 characters',
  read: (value) => (value === '' || value.length > 100 || /[\p{Cc}\u2028\u2029]/u.test(value) ? undefined : value),
};

export const identifier: OptionReader<string> = {
  expected: 'letters, digits, ".", "_" or "-"',
  read: (value) => (/^[\w.-]{1,64}$/.test(value) ? value : undefined),
};

export const positiveNumber: OptionReader<number> = {
  expected: 'a number above 0',
  read: (value) => (/^(?:\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})$/.test(value) && Number(value) > 0 ? Number(value) : undefined),
};

export const wholeNumber: OptionReader<number> = {
  expected: 'a whole number from 0',
  read: (value) => (/^\d{1,9}$/.test(value) ? Number(value) : undefined),
};

export const trackNumber: OptionReader<number> = {
  expected: 'a whole number from 1 to 99',
  read: (value) => (/^[1-9]\d?$/.test(value) ? Number(value) : undefined),
};

export const upTo = (most: number): OptionReader<number> => ({
  expected: `a number from 0 to ${most}`,
  read: (value) => (/^\d*\.?\d+$/.test(value) && Number(value) <= most ? Number(value) : undefined),
});

export const yesNo: OptionReader<boolean> = {
  expected: '1 or 0',
  read: (value) => (value === '1' || value === 'true' ? true : value === '0' || value === 'false' ? false : undefined),
};

export const size: OptionReader<{ width: number; height: number }> = {
  expected: 'WIDTHxHEIGHT',
  read: (value) => {
    const [, width, height] = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(value) ?? [];
    return width === undefined || height === undefined ? undefined : { width: Number(width), height: Number(height) };
  },
};

export const area: OptionReader<Rect | 'auto'> = {
  expected: 'x,y,width,height or auto',
  read: (value) => {
    if (value === 'auto') return 'auto';
    const numbers = value.split(',');
    if (numbers.length !== 4 || !numbers.every((number) => /^\d{1,5}$/.test(number))) return undefined;
    const [x = 0, y = 0, width = 0, height = 0] = numbers.map(Number);
    return width > 0 && height > 0 ? { x, y, width, height } : undefined;
  },
};

export const planeNumber: OptionReader<number> = {
  expected: '1 or 2',
  read: (value) => (value === '1' || value === '2' ? Number(value) : undefined),
};

export const MOST_RECTANGLES = 32;

export const rectangles: OptionReader<readonly Rect[]> = {
  expected: `x,y,width,height;x,y,width,height;… (${MOST_RECTANGLES} at most)`,
  read: (value) => {
    const read = value.split(';').map(area.read);
    const rects = read.filter((rect) => typeof rect === 'object');
    return rects.length === read.length && rects.length <= MOST_RECTANGLES ? rects : undefined;
  },
};

export function oneOf<const T extends string>(...words: readonly T[]): OptionReader<T> {
  return { expected: words.join(' or '), read: (value) => words.find((word) => word === value) };
}

export type OptionReaders = Readonly<Record<string, OptionReader<unknown>>>;

/** The values that a set of readers gives; an option that is absent is null. */
export type OptionValues<R extends OptionReaders> = {
  [K in keyof R]: R[K] extends OptionReader<infer T> ? T | null : never;
};

/**
 * Reads `key=value&key=value`, percent-encoded or not. Throws a SourceUriError for an unknown, repeated or invalid
 * option.
 */
export function readOptions<R extends OptionReaders>(fragment: string, readers: R): OptionValues<R> {
  const values: Record<string, unknown> = Object.fromEntries(Object.keys(readers).map((key) => [key, null]));
  for (const pair of fragment.split('&').filter((part) => part !== '')) {
    const equals = pair.indexOf('=');
    const key = equals < 0 ? pair : pair.slice(0, equals);
    const raw = equals < 0 ? '' : pair.slice(equals + 1);
    const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (!reader) {
      // A key without a value may be the rest of a password: do not repeat it.
      const isName = equals > 0 && /^[a-z]\w*$/i.test(key);
      throw new SourceUriError(
        isName ? `source option ${key}` : 'source option',
        `one of ${Object.keys(readers).join(', ')}`,
        isName ? `"${key}"` : 'another',
      );
    }
    if (values[key] !== null) throw new SourceUriError(`source option ${key}`, 'it once', 'it twice');
    const value = reader.read(decodePercent(raw));
    if (value === undefined) throw new SourceUriError(`source option ${key}`, reader.expected, `"${raw}"`);
    values[key] = value;
  }
  return values as OptionValues<R>;
}

/** Returns malformed escapes unchanged. */
export function decodePercent(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
