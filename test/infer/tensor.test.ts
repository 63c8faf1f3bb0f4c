import fc from 'fast-check';
import { toTensor } from '../../src/infer/worker/tensor';
import { image } from './stacks';

describe('toTensor', () => {
  it('normalises every grey value and keeps the images in order', () => {
    const grey = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(grey, grey, fc.integer({ min: 0, max: 65_535 }), (a, b, at) => {
        const images = [image(() => a), image((x, y) => (y * 256 + x === at ? a : b))];
        const tensor = toTensor(images, { divideBy: 255, mean: 0.25, std: 2 }, new Float32Array(2 * 65_536));
        expect(tensor[0]).toBeCloseTo((a / 255 - 0.25) / 2, 6);
        expect(tensor[65_536 + at]).toBeCloseTo((a / 255 - 0.25) / 2, 6);
        expect(tensor[65_536 + ((at + 1) % 65_536)]).toBeCloseTo((b / 255 - 0.25) / 2, 6);
      }),
      { numRuns: 20 },
    );
  });

  it('writes into the array it is given', () => {
    const target = new Float32Array(65_536);
    expect(toTensor([image(() => 255)], { divideBy: 255, mean: 0, std: 1 }, target)).toBe(target);
    expect(target.every((value) => value === 1)).toBe(true);
  });

  it('refuses a target of another size', () => {
    expect(() => toTensor([image(() => 0)], { divideBy: 255, mean: 0, std: 1 }, new Float32Array(5))).toThrow(
      'Expected 5 grey values, got 65536',
    );
  });
});
