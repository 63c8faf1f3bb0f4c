import { threshold } from '../../src/mask/to-tumour-mask';

describe('threshold', () => {
  it('counts a pixel from the threshold on', () => {
    expect([...threshold(Float32Array.of(0.19, 0.25, 0.9, 0, 1), 0.25)]).toEqual([0, 1, 1, 0, 1]);
  });
  it('does not count what is not a number', () => {
    expect([...threshold(Float32Array.of(NaN), 0.2)]).toEqual([0]);
  });
});
