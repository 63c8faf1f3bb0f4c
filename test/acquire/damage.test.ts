import { damageTracker } from '../../src/acquire/ffmpeg/damage';

/**
 * `K` key picture, `P` depends on the one before, `!` damage; result: `x` for a damaged picture. One every `everyS`
 * seconds.
 */
function damagedOf(log: string, everyS: number | null = 0.05, pictures?: number): string {
  const damaged = damageTracker(pictures);
  let n = 0;
  return [...log]
    .map((sign) => {
      if (sign === '!') return damaged.report() ?? '';
      return damaged.picture({ key: sign === 'K', seconds: everyS === null ? null : everyS * n++ }) ? 'x' : sign;
    })
    .join('');
}

it.each([
  ['up to the next key picture', 'KPP!PPKP', 'KPPxxKP'],
  ['a key picture that is damaged itself', 'KP!KPPK', 'KPxxxK'],
  ['again and again', 'KP!PP!PK!PK', 'KPxxxKxK'],
  ['nothing of what was lost before the first picture', '!!KPP', 'KPP'],
  ['not the first, whatever it is', '!PPK', 'PPK'],
  ['nothing of a picture that was finished before', 'KP!', 'KP'],
])('takes for damaged: %s', (_, log, expected) => {
  expect(damagedOf(log)).toBe(expected);
});

it('takes for damaged what a decoder makes of nothing, up to the first key picture, where it does not wait for one', () => {
  const first = (...keys: readonly boolean[]): boolean[] => {
    const damaged = damageTracker();
    damaged.report(false);
    return keys.map((key, i) => damaged.picture({ key, seconds: i / 10 }));
  };
  expect(first(false, false, true, false)).toEqual([true, true, false, false]);
  expect(first(true, false)).toEqual([false, false]);
});

it('takes two pictures for damaged, and what builds on them, where each is made of two', () => {
  expect(damagedOf('KP!PPKP', 0.05, 2)).toBe('KPxxKP');
  // The key picture itself was damaged.
  expect(damagedOf('KP!PKPK', 0.05, 2)).toBe('KPxxxK');
});

it('takes a stream without key pictures for mended after ten seconds, where pictures have timestamps', () => {
  expect(damagedOf(`K!${'P'.repeat(14)}`, 1)).toBe(`K${'x'.repeat(11)}PPP`);
  expect(damagedOf(`K!${'P'.repeat(14)}`, null)).toBe(`K${'x'.repeat(14)}`);
});
