import fc from 'fast-check';
import type { Segmentation } from '../../src/infer/segmenter';
import { decodeRunLengths } from '../../src/mask/run-length';
import { toTumourMask } from '../../src/mask/tumour-masks';
import { disc, grids } from './grids';

const thresholds = { tumour: 0.5, liver: 0.5 };
const imageArea = { x: 0, y: 0, width: 256, height: 256 };

function segmentation(tumour: Float32Array, width: number, height: number, liver = new Float32Array(width * height)): Segmentation {
  return { width, height, tumour, liver, difference: new Float32Array(width * height), startedAt: 0, endedAt: 1 };
}
const twoDiscs = (): Float32Array => {
  const [large, small] = [disc(256, 60, 80, 20), disc(256, 200, 150, 8)];
  return Float32Array.from(large.bits, (bit, i) => (bit === 1 ? 0.9 : small.bits[i] === 1 ? 0.6 : 0.1));
};

describe('toTumourMask', () => {
  it('leaves out a lesion that is less likely than the model wants one to be', () => {
    const found = (lesion?: number) => {
      const limits = { ...thresholds, lesion };
      const mask = toTumourMask(segmentation(twoDiscs(), 256, 256), { thresholds: limits, imageArea, pixelSpacingMm: null });
      const set = decodeRunLengths(mask.runLengths, 256 * 256).reduce((sum, bit) => sum + bit, 0);
      expect(mask.lesions.reduce((sum, { areaPx }) => sum + areaPx, 0)).toBe(set);
      return mask.lesions.map(({ confidence }) => confidence);
    };
    expect([found(), found(0.6), found(0.61), found(0.95)]).toEqual([[0.9, 0.6], [0.9, 0.6], [0.9], []]);
  });

  it('measures each lesion, largest first', () => {
    const { lesions } = toTumourMask(segmentation(twoDiscs(), 256, 256), { thresholds, imageArea, pixelSpacingMm: 0.5 });
    expect(lesions).toHaveLength(2);
    const [large, small] = lesions;
    expect((large?.areaPx ?? 0) / (Math.PI * 400)).toBeCloseTo(1, 1);
    expect(large?.areaMm2).toBeCloseTo((large?.areaPx ?? 0) / 4, 2);
    expect(Math.abs((large?.longestDiameterPx ?? 0) - 40)).toBeLessThan(1);
    expect(large?.longestDiameterMm).toBeCloseTo((large?.longestDiameterPx ?? 0) / 2, 1);
    expect(large?.centroid).toEqual([60, 80]);
    expect(large?.boundingBox).toEqual([40, 60, 40, 40]);
    expect(large?.confidence).toBeCloseTo(0.9, 4);
    expect(small?.centroid).toEqual([200, 150]);
    expect(small?.confidence).toBeCloseTo(0.6, 4);
  });

  it('measures in captured pixels, whatever the image area', () => {
    const area = { x: 6, y: 10, width: 1021, height: 788 };
    const [lesion] = toTumourMask(segmentation(twoDiscs(), 256, 256), { thresholds, imageArea: area, pixelSpacingMm: null }).lesions;
    const [sx, sy] = [1021 / 256, 788 / 256];
    expect(lesion?.centroid[0]).toBeCloseTo(6 + 60 * sx, 1);
    expect(lesion?.centroid[1]).toBeCloseTo(10 + 80 * sy, 1);
    expect(Math.abs((lesion?.longestDiameterPx ?? 0) - 40 * sx)).toBeLessThan(sx);
    expect((lesion?.areaPx ?? 0) / (Math.PI * 400 * sx * sy)).toBeCloseTo(1, 1);
    expect(lesion?.areaMm2).toBeNull();
    expect(lesion?.longestDiameterMm).toBeNull();
  });

  it.each([
    ['squeezed to half its width', 640, 800, 2],
    ['PAL', 1200, 800, 16 / 15],
    ['anamorphic', 960, 800, 4 / 3],
    ['NTSC', 1440, 800, 8 / 9],
  ])('gives the same sizes in mm, however the picture was squeezed: %s', (_, width, height, pixelAspect) => {
    const measure = (area: object, aspect?: number) =>
      toTumourMask(segmentation(twoDiscs(), 256, 256), {
        ...{ thresholds, pixelSpacingMm: 0.2, pixelAspect: aspect },
        imageArea: { x: 0, y: 0, width: 0, height: 0, ...area },
      }).lesions;
    const [square] = measure({ width: 1280, height: 800 });
    const [squeezed] = measure({ width, height }, pixelAspect);
    expect(squeezed?.areaMm2).toBeCloseTo(square?.areaMm2 ?? 0, 1);
    expect(squeezed?.longestDiameterMm).toBeCloseTo(square?.longestDiameterMm ?? 0, 1);
    expect(squeezed?.areaPx).toBeCloseTo((square?.areaPx ?? 0) / pixelAspect, 1);
    expect(squeezed?.centroid).toEqual([60, 80].map((cell, axis) => (cell * (axis === 0 ? width : height)) / 256));
  });

  it('finds nothing in a picture without tumour', () => {
    const mask = toTumourMask(segmentation(new Float32Array(65_536), 256, 256), { thresholds, imageArea, pixelSpacingMm: 1 });
    expect(mask.lesions).toEqual([]);
    expect(mask.liver).toEqual({ areaPx: 0, contours: [] });
    expect(decodeRunLengths(mask.runLengths, 65_536).some((bit) => bit === 1)).toBe(false);
  });

  it('takes the whole picture when everything is tumour', () => {
    const full = new Float32Array(65_536).fill(1);
    const mask = toTumourMask(segmentation(full, 256, 256, full), { thresholds, imageArea, pixelSpacingMm: 1 });
    expect(mask.lesions).toMatchObject([{ areaPx: 65_536, confidence: 1, boundingBox: [0, 0, 256, 256] }]);
    expect(mask.liver.areaPx).toBe(65_536);
    expect(mask.liver.contours).toHaveLength(1);
  });

  it('agrees with itself: the areas of the lesions are those of the run lengths, and every contour lies in its picture', () => {
    const areas = fc.record({
      x: fc.integer({ min: 0, max: 50 }),
      y: fc.integer({ min: 0, max: 50 }),
      width: fc.integer({ min: 16, max: 2000 }),
      height: fc.integer({ min: 16, max: 2000 }),
    });
    fc.assert(
      fc.property(grids, areas, ({ bits, width, height }, area) => {
        const mask = toTumourMask(segmentation(Float32Array.from(bits), width, height), {
          thresholds,
          imageArea: area,
          pixelSpacingMm: 0.3,
        });
        const set = decodeRunLengths(mask.runLengths, width * height).reduce((sum, bit) => sum + bit, 0);
        const measured = mask.lesions.reduce((sum, { areaPx }) => sum + areaPx, 0);
        expect(Math.abs(measured - (set * area.width * area.height) / (width * height))).toBeLessThan(0.01 * (mask.lesions.length + 1));
        for (const { contour, boundingBox } of mask.lesions) {
          expect(contour.length).toBeGreaterThanOrEqual(3);
          const [left, top, boxWidth, boxHeight] = boundingBox;
          for (const [x, y] of contour) {
            expect(x).toBeGreaterThanOrEqual(left - 0.02);
            expect(y).toBeGreaterThanOrEqual(top - 0.02);
            expect(x).toBeLessThanOrEqual(left + boxWidth + 0.02);
            expect(y).toBeLessThanOrEqual(top + boxHeight + 0.02);
          }
        }
      }),
    );
  });
});
