import type { Component, Components } from './components';
import { type CapturedPlane, toContour, roundToHundredths, traceOutline } from './contours';
import { longestDiameter } from './polygon';
import type { Lesion, Point } from './tumour-mask';

/**
 * Measures each tumour region in captured pixels and, where their size is known, in millimetres; largest first. The
 * unit of length is the height of a captured pixel, `pixelSpacingMm`; a pixel is `pixelAspect` times as wide as high.
 */
export function measureLesions(all: Components, tumour: Float32Array, plane: CapturedPlane, pixelSpacingMm: number | null): Lesion[] {
  return all.components.map((component) => {
    const { area, sumX, sumY, left, top, right, bottom } = component;
    const areaPx = area * plane.scaleX * plane.scaleY;
    const edge = traceOutline(all, component);
    const longestDiameterPx = longestDiameter(edge.map((point) => inSquarePixels(plane, point)));
    const [x, y] = plane.toCaptured([left, top]);
    const [centroidX, centroidY] = plane.toCaptured([sumX / area + 0.5, sumY / area + 0.5]);
    return {
      areaPx: roundToHundredths(areaPx),
      areaMm2: pixelSpacingMm === null ? null : roundToHundredths(areaPx * plane.pixelAspect * pixelSpacingMm ** 2),
      longestDiameterPx: roundToHundredths(longestDiameterPx),
      longestDiameterMm: pixelSpacingMm === null ? null : roundToHundredths(longestDiameterPx * pixelSpacingMm),
      centroid: [roundToHundredths(centroidX), roundToHundredths(centroidY)],
      boundingBox: [
        roundToHundredths(x),
        roundToHundredths(y),
        roundToHundredths((right + 1 - left) * plane.scaleX),
        roundToHundredths((bottom + 1 - top) * plane.scaleY),
      ],
      contour: toContour(edge, plane),
      confidence: meanInside(all, component, tumour),
    };
  });
}

function inSquarePixels({ toCaptured, pixelAspect }: CapturedPlane, point: Point): Point {
  const [x, y] = toCaptured(point);
  return [x * pixelAspect, y];
}

function meanInside({ labels, width }: Components, { label, area, left, top, right, bottom }: Component, values: Float32Array): number {
  let sum = 0;
  for (let y = top; y <= bottom; y++) {
    for (let i = y * width + left; i <= y * width + right; i++) if (labels[i] === label) sum += values[i] as number;
  }
  return Math.round((sum / area) * 10_000) / 10_000;
}
