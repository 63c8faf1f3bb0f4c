import fc from 'fast-check';
import { Cadence } from '../../src/acquisitions/cadence';
import { median } from '../../src/core/statistics';

function after(times: readonly number[], difference = 4): Cadence {
  const cadence = new Cadence();
  for (const at of times) cadence.add(at, difference);
  return cadence;
}
const beats = (count: number, everyMs: number, from = 0): number[] => Array.from({ length: count }, (_, i) => from + i * everyMs);

describe('Cadence', () => {
  it('has no interval before there are three', () => {
    expect(after([]).interval).toBeNull();
    expect(after([0, 250]).interval).toBeNull();
    expect(after([0, 250, 500]).interval).toBe(250);
  });

  it('is not led astray by one long breath', () => {
    expect(after([0, 250, 500, 750, 1500, 1750]).interval).toBe(250);
  });

  it('follows a slower pace', () => {
    expect(after([...beats(9, 250), ...beats(5, 500, 2500)]).interval).toBe(500);
  });

  it('starts over after a gap that breaks the rhythm', () => {
    expect(after([...beats(5, 250), 5000, 5100]).interval).toBeNull();
    expect(after([...beats(5, 250), 5000, 5100, 5200]).interval).toBe(100);
  });

  it('expects anything before a rhythm is established', () => {
    for (const count of [0, 1, 3, 5]) expect(after(beats(count, 250)).isPlausible(250 * count - 200, 0.1)).toBe(true);
  });

  it('expects a small change one picture after another where acquisitions come after one and after two', () => {
    const cadence = after([0, 80, 120, 200, 280, 320, 400, 480]);
    expect(cadence.isPlausible(520, 1.2)).toBe(true);
    expect(cadence.isPlausible(500, 1.2)).toBe(false);
  });

  it('finds what comes between the beats, and what changes little, once there is a rhythm', () => {
    const cadence = after(beats(6, 250));
    for (const late of [-150, -33, 33, 125, 600]) expect(cadence.isOffBeat(1500 + late)).toBe(true);
    expect(cadence.isOffBeat(1500 + 20)).toBe(false);
    expect(after(beats(5, 250)).isOffBeat(1100)).toBe(false);
    expect([1.9, 2.1].map((difference) => cadence.isSmallChange(difference))).toEqual([true, false]);
  });

  it('does not expect a small change off the beat, once there is a rhythm', () => {
    const cadence = after(beats(6, 250));
    expect(cadence.isPlausible(1250 + 100, 1)).toBe(false);
    expect(cadence.isPlausible(1250 + 100, 3)).toBe(true);
    expect(cadence.isPlausible(1250 + 250, 1)).toBe(true);
    expect(cadence.isPlausible(1250 + 160, 1)).toBe(true);
  });

  it('does not expect what a new group of pictures brings of a noise-poor image, six tenths of the usual change', () => {
    expect(after(beats(6, 250), 1.5).isPlausible(1250 + 33, 0.93)).toBe(false);
  });

  it('expects no change of less than a quarter of the usual, whatever the beat', () => {
    const cadence = after(beats(6, 250));
    expect(cadence.isPlausible(1250 + 250, 0.9)).toBe(false);
    expect(cadence.isPlausible(1250 + 500, 0.9)).toBe(false);
  });

  it('gives the usual difference of an acquisition, once there is a rhythm', () => {
    const cadence = new Cadence();
    for (const [i, at] of beats(6, 133).entries()) {
      expect(cadence.freshness).toBeNull();
      cadence.add(at, 4, 1 + i / 10);
    }
    expect(cadence.freshness).toBeCloseTo(1.3, 6);
  });

  it('gives for any even beat that beat, however long it has gone on', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 40 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 0, max: 100_000 }),
        (count, every, from) => {
          expect(after(beats(count, every, from)).interval).toBe(every);
        },
      ),
    );
  });
});

describe('median', () => {
  it('is a value with as many below as above, the lower of two', () => {
    expect(median([3])).toBe(3);
    expect(median([4, 1])).toBe(1);
    expect(median([5, 1, 3])).toBe(3);
    expect(median([9, 1, 5, 3])).toBe(3);
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const middle = median(values);
        expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual((values.length - 1) / 2);
        expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });

  it('leaves its list in order, and refuses an empty one', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
    expect(() => median([])).toThrow('Expected at least one value, got none');
  });
});
