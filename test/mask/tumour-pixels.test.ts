import fc from 'fast-check';
import { threshold, tumourPixels } from '../../src/mask/tumour-pixels';

describe('threshold', () => {
  it('counts a pixel from the threshold on', () => {
    expect([...threshold(Float32Array.of(0.19, 0.25, 0.9, 0, 1), 0.25)]).toEqual([0, 1, 1, 0, 1]);
  });
  it('does not count what is not a number', () => {
    expect([...threshold(Float32Array.of(NaN), 0.2)]).toEqual([0]);
  });
});

describe('the pixels of a tumour', () => {
  const grid = (...rows: readonly number[][]) => ({
    width: rows[0]?.length ?? 0,
    height: rows.length,
    tumour: Float32Array.from(rows.flat()),
  });

  it('are those of regions whose mean reaches the threshold of a lesion, joined by corners too', () => {
    const segmentation = grid([0.5, 0, 0, 0.75], [0, 0.875, 0, 0], [0, 0, 0, 0.25]);
    expect([...tumourPixels(segmentation, { tumour: 0.25, liver: 0.5, lesion: 0.6875 })]).toEqual([1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
    expect([...tumourPixels(segmentation, { tumour: 0.25, liver: 0.5, lesion: 0.7 })]).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('are those from the threshold on where the model has none for lesions, or a lower one', () => {
    const image = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(image, (values) => {
        const segmentation = { width: 6, height: 5, tumour: Float32Array.from(values) };
        const bits = threshold(segmentation.tumour, 0.5);
        expect(tumourPixels(segmentation, { tumour: 0.5, liver: 0.5 })).toEqual(bits);
        expect(tumourPixels(segmentation, { tumour: 0.5, liver: 0.5, lesion: 0.5 })).toEqual(bits);
      }),
    );
  });
});
