import fc from 'fast-check';
import { nearest, typingErrors } from '../../src/core/suggest';

it.each([
  ['prot', 'port', 1],
  ['port', 'port', 0],
  ['sorce', 'source', 1],
  ['sourcee', 'source', 1],
  ['sourze', 'source', 1],
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
])('counts the typing errors from %j to %j: %d', (from, to, errors) => {
  expect(typingErrors(from, to)).toBe(errors);
  expect(typingErrors(to, from)).toBe(errors);
});

it('finds the word that was meant, whatever its case, and none where none is near', () => {
  const words = ['host', 'port', 'provider', 'allowedOrigins'];
  expect(['prot', 'PORT', 'providr', 'allowed_origins', 'origins', 'x', ''].map((word) => nearest(word, words))).toEqual([
    ...['port', 'port', 'provider', 'allowedOrigins', null, null, null],
  ]);
  expect(nearest('a', [])).toBeNull();
});

it('is a distance: nothing to itself, no more than the longer word', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(typingErrors(a, a)).toBe(0);
      expect(typingErrors(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(typingErrors(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
    }),
  );
});
