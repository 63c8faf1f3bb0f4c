import fc from 'fast-check';
import type { Random } from '../../src/phantom/random';
import { anyText, byChance, mutatedText } from './mutations';

/** As JSON.parse gives it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const deep = (depth: number): Json => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as Json;

const oddKeys = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', '0', '', '\n', 'type', 'streams'];
const oddValues: readonly Json[] = [
  ...[null, true, false, 0, -0, -1, 0.5, 1, 2, 255, 4097, 16_385, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 + 2],
  ...['', '\0', '\n', '\u2028', '__proto__', 'constructor', '../../etc/passwd', 'x'.repeat(5000), '\ud800', '1e3', [], {}, [[]], deep(200)],
  ...[{ polluted: true }, JSON.parse('{"__proto__":{"polluted":true}}') as Json],
];
const oddValue = (random: Random): Json => {
  if (random.chance(0.6)) return structuredClone(random.pick(oddValues));
  return random.chance(0.5) ? random.integer(-1000, 1000) : random.normal() * 10 ** random.integer(-5, 12);
};

/** Every member of every list and object: who holds it, and under which key. */
function places(value: Json, found: [Record<string, Json>, string][] = []): [Record<string, Json>, string][] {
  if (typeof value !== 'object' || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push([value as Record<string, Json>, key]);
    if (found.length < 500) places((value as Record<string, Json>)[key] ?? null, found);
  }
  return found;
}

/** As JSON.parse does: `__proto__` is a key like any other. */
const put = (holder: object, key: string, value: Json): void =>
  void Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });

const edits = ['replace', 'replace', 'replace', 'remove', 'add', 'repeat', 'wrap', 'rename'] as const;

/** One change somewhere below `root`. */
function edit(whole: { root: Json }, random: Random): void {
  const [holder, at] = random.pick(places(whole));
  const old = holder[at] ?? null;
  const isList = Array.isArray(holder);
  switch (random.pick(edits)) {
    case 'replace':
      return put(holder, at, oddValue(random));
    case 'wrap':
      return put(holder, at, [old]);
    case 'add':
      return typeof old === 'object' && old !== null && !Array.isArray(old) ? put(old, random.pick(oddKeys), oddValue(random)) : undefined;
    case 'repeat':
      return Array.isArray(old) ? void old.push(...Array.from({ length: Math.min(50, old.length) }, (_, i) => old[i] ?? null)) : undefined;
    case 'remove':
    case 'rename':
      if (at === 'root' || isList) return put(holder, at, null);
      delete holder[at];
      return random.chance(0.5) ? put(holder, random.pick(oddKeys), old) : undefined;
  }
}

/** Valid JSON values with something wrong in their shape. */
export const mutatedValue = (valid: readonly unknown[]): fc.Arbitrary<Json> =>
  byChance((random, changes) => {
    const whole = { root: structuredClone(random.pick(valid)) as Json };
    for (let i = 1; i < changes; i += 1) edit(whole, random);
    return whole.root;
  }, 5);

/** Texts that are nearly what was expected: of a wrong shape, miswritten, or anything. */
export const mutatedJson = (valid: readonly unknown[]): fc.Arbitrary<string> => {
  const written = valid.map((value) => JSON.stringify(value));
  return fc.oneof(
    { weight: 6, arbitrary: mutatedValue(valid).map((value) => JSON.stringify(value)) },
    { weight: 3, arbitrary: mutatedText(fc.constantFrom(...written)) },
    { weight: 1, arbitrary: anyText },
  );
};

const own = (): number => [Object.prototype, Array.prototype, Function.prototype].flatMap((one) => Reflect.ownKeys(one)).length;
const untouched = own();

/** Throws when a built-in prototype was changed. */
export function mustBeUnpolluted(): void {
  if ('polluted' in {} || own() !== untouched) throw new Error('Expected the prototypes as they were');
}
