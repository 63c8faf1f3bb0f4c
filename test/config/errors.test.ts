import fc from 'fast-check';
import { closestWord, editDistance } from '../../src/config/errors';

it.each([
  ['prot', 'port', 1],
  ['port', 'port', 0],
  ['sorce', 'source', 1],
  ['sourcee', 'source', 1],
  ['sourze', 'source', 1],
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
])('counts the typing errors from %j to %j: %d', (from, to, errors) => {
  expect(editDistance(from, to)).toBe(errors);
  expect(editDistance(to, from)).toBe(errors);
});

it('finds the word that was meant, whatever its case, and none where none is near', () => {
  const words = ['host', 'port', 'provider', 'allowedOrigins'];
  expect(['prot', 'PORT', 'providr', 'allowed_origins', 'origins', 'x', ''].map((word) => closestWord(word, words))).toEqual([
    ...['port', 'port', 'provider', 'allowedOrigins', null, null, null],
  ]);
  expect(closestWord('a', [])).toBeNull();
});

it('is a distance: nothing to itself, no more than the longer word', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(editDistance(a, a)).toBe(0);
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(editDistance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
    }),
  );
});
