import { StabilityEvidence, type Stability } from '../../src/detect/stability';
import type { AnalysisImage } from '../../src/frame';
import { shot, washIn } from './a-run';

function gathered(images: readonly AnalysisImage[]): Stability[] {
  const evidence = new StabilityEvidence();
  return images.map((image) => evidence.add(image));
}
const firstStable = (all: readonly Stability[]): number => all.findIndex(({ stable }) => stable);

describe('StabilityEvidence', () => {
  it('has no result with the first image', () => {
    expect(gathered([shot(0, 0)])).toEqual([
      { difference: 0, opacification: 0, opacified: false, contrast: false, stable: false, settling: false, sceneChanged: false },
    ]);
  });

  it('never calls an image stable, or opacified, that only waits for the contrast: it is as still as one can be', () => {
    const waiting = gathered(Array.from({ length: 25 }, (_, i) => shot(i, 0)));
    expect(waiting.some(({ stable, opacified }) => stable || opacified)).toBe(false);
    const without = gathered(Array.from({ length: 25 }, () => shot(0, 0)));
    expect(without.some(({ stable, opacified }) => stable || opacified)).toBe(false);
  });

  it('calls it stable once the contrast has risen and levelled off', () => {
    const all = gathered(washIn(12));
    expect(all.slice(0, 4).some(({ opacified }) => opacified)).toBe(false);
    expect(all.slice(7).every(({ opacified }) => opacified)).toBe(true);
    // The plateau begins with image 8; levelled off means that three more show no growth.
    expect(firstStable(all)).toBeGreaterThan(8);
    expect(firstStable(all)).toBeLessThan(13);
  });

  it('says an acquisition before that it may be stable, and not while contrast still flows in', () => {
    const all = gathered(washIn(6));
    const stable = all.findIndex((one) => one.stable);
    expect(all[stable - 1]).toMatchObject({ stable: false, settling: true });
    expect(all.slice(0, 9).some(({ settling }) => settling)).toBe(false);
  });

  it('does not call an image stable while contrast still flows in', () => {
    const rising = gathered(Array.from({ length: 20 }, (_, i) => shot(i, i < 4 ? 0 : 3 * (i - 3))));
    expect(rising.at(-1)?.opacified).toBe(true);
    expect(firstStable(rising)).toBe(-1);
  });

  it('takes contrast that was there before the scene changed to be there still', () => {
    const moved = gathered([...washIn(12), ...Array.from({ length: 6 }, (_, i) => shot(60 + i, 30, 110))]);
    const change = moved.findIndex(({ sceneChanged }) => sceneChanged);
    expect(change).toBeGreaterThan(0);
    expect(moved.slice(change).every(({ opacified, contrast }) => contrast && !opacified)).toBe(true);
    const early = gathered([...washIn(12).slice(0, 4), ...Array.from({ length: 6 }, (_, i) => shot(60 + i, 0, 110))]);
    expect(early.some(({ contrast }) => contrast)).toBe(false);
  });

  it('does not count a picture that becomes brighter', () => {
    const brighter = gathered([0, 0, 0, 0, -8, -16, -24, -24, -24, -24, -24, -24].map((contrast, i) => shot(i, contrast)));
    expect(brighter.some(({ opacified }) => opacified)).toBe(false);
  });

  it('detects another scene, and starts over', () => {
    const moved = [...washIn(6), ...Array.from({ length: 8 }, (_, i) => shot(40 + i, 0, 110))];
    const all = gathered(moved);
    expect(all.map(({ sceneChanged }, i) => (sceneChanged ? i : -1)).filter((i) => i >= 0)).toEqual([15]);
    expect(all[15]).toMatchObject({ opacification: 0, opacified: false, stable: false });
    expect(all.slice(15).some(({ opacified, stable }) => opacified || stable)).toBe(false);
  });

  it('finds stability again in the new scene', () => {
    const contrasts = [0, 0, 0, 0, 10, 20, 30, 30, 30, 30, 30, 30, 30, 30];
    const all = gathered([...washIn(6), ...contrasts.map((contrast, i) => shot(40 + i, contrast, 110))]);
    expect(all.slice(15).findIndex(({ stable }) => stable)).toBeGreaterThan(6);
  });

  it('does not take the wash-in itself for another scene', () => {
    expect(gathered(washIn(8)).some(({ sceneChanged }) => sceneChanged)).toBe(false);
  });

  it('gives the same results for the same images, whatever another instance was given', () => {
    const [one, other] = [new StabilityEvidence(), new StabilityEvidence()];
    const images = washIn(8);
    const interleaved = images.map((image, i) => {
      other.add(shot(60 + i, 5 * i));
      return one.add(image);
    });
    expect(interleaved).toEqual(gathered(images));
  });
});
