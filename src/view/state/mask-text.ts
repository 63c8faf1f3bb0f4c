import type { InvalidReason, KeyFrameStatus } from '../../event';
import type { Lesion, Point, TumourMask } from '../../mask/tumour-mask';
import type { KeyFrameFacts, MaskMessage } from '../../protocol/messages';
import type { LastFailure } from '../../protocol/stream-status';
import { age, runName } from './format';
import type { Overlay } from './overlay';
import type { ServerConnection, StreamView } from './stream-view';

/** What the size of a grid cell follows from. */
export type Grid = Pick<MaskMessage, 'width' | 'height' | 'imageArea' | 'pixelAspect' | 'pixelSpacingMm'>;

const STEPS_MM = [10, 5, 2];

/** The step that lengths are rounded to, in mm: the largest round one within a cell of the mask's grid, at least 1. */
export function sizeStep({ width, height, imageArea, pixelAspect, pixelSpacingMm }: Grid): number {
  const cell = Math.max((imageArea.width * pixelAspect) / width, imageArea.height / height) * (pixelSpacingMm ?? 0);
  return STEPS_MM.find((step) => step <= cell) ?? 1;
}

/** Whether any part of a lesion lies in the liver; tumours at its edge bulge out of it. */
export const touchesLiver = (
  { centroid, contour }: Pick<Lesion, 'centroid' | 'contour'>,
  { contours }: Pick<TumourMask['liver'], 'contours'>,
): boolean => contours.some((outline) => [centroid, ...contour].some((point) => isWithin(point, outline)));

/** Even-odd rule. */
function isWithin([x, y]: Point, outline: readonly Point[]): boolean {
  let within = false;
  let [beforeX, beforeY] = outline.at(-1) ?? [0, 0];
  for (const [nextX, nextY] of outline) {
    if (nextY > y !== beforeY > y && x < nextX + ((y - nextY) * (beforeX - nextX)) / (beforeY - nextY)) within = !within;
    [beforeX, beforeY] = [nextX, nextY];
  }
  return within;
}

const invalidText: Readonly<Record<InvalidReason, string>> = {
  'new-run': 'a new run has begun',
  'scene-change': 'table or C-arm moved',
  'source-lost': 'the source was lost',
  superseded: 'a better key frame was found',
};

export const statusText: Readonly<Record<KeyFrameStatus, string>> = {
  stabilised: 'while the run goes on: the image is stable',
  improved: 'better than the last one',
  final: 'the paper’s rule over the last 15 images of the run, as far as they show contrast',
};

type Diameter = Pick<Lesion, 'longestDiameterMm' | 'longestDiameterPx'>;
type Failure = Pick<LastFailure, 'run' | 'frame'> | null;
type Area = Pick<Lesion, 'areaMm2' | 'areaPx'>;

/** Less likely tumour than not, by the model's own word. */
export const isUncertain = ({ confidence }: Pick<Lesion, 'confidence'>): boolean => confidence < 0.5;

/** The longest diameter, `about 21 mm` in steps of `stepMm`, or in pixels where their spacing is not known. */
export function diameter({ longestDiameterMm, longestDiameterPx }: Diameter, stepMm = 1): string {
  if (longestDiameterMm === null) return `about ${Math.round(longestDiameterPx)} px`;
  return longestDiameterMm < stepMm ? `less than ${stepMm} mm` : `about ${Math.round(longestDiameterMm / stepMm) * stepMm} mm`;
}

/** Rounded to two digits: an edge off by a cell changes an area by some per cent. */
export function area({ areaMm2, areaPx }: Area): string {
  return areaMm2 === null ? `${twoFigures(areaPx)} px²` : `${twoFigures(areaMm2)} mm²`;
}

const twoFigures = (value: number): number => Math.round(Number(value.toPrecision(2)));

/** `3 lesions, largest about 21 mm`, or `no tumour found in frame 12`, which tells nothing of other frames. */
export function lesionSummary(lesions: readonly Diameter[], frame: number, stepMm = 1): string {
  const [largest] = lesions;
  if (!largest) return `no tumour found in frame ${frame}`;
  return lesions.length === 1
    ? `1 lesion, ${diameter(largest, stepMm)}`
    : `${lesions.length} lesions, largest ${diameter(largest, stepMm)}`;
}

/** What a mask shows, with a doubt where it shows no liver, or lesions outside it only. */
export function maskSummary(facts: Pick<MaskMessage, 'lesions' | 'liver' | 'frame'> & Grid): string {
  const { lesions, liver, frame } = facts;
  const found = lesionSummary(lesions, frame, sizeStep(facts));
  if (liver.areaPx === 0) return `no liver seen in frame ${frame}${lesions.length > 0 ? `: ${found}` : ''}`;
  return lesions.length > 0 && !lesions.some((lesion) => touchesLiver(lesion, liver)) ? `${found}, outside the liver` : found;
}

/** The largest lesion, for reading from three metres, or in a few words why there is none. */
export function largestLesion(view: Pick<StreamView, 'mask' | 'keyframes' | 'run'>): string {
  const { mask, run } = view;
  if (notAssessed(view) !== null && mask?.facts.run !== run) return 'not assessed';
  if (!mask) return 'no mask';
  const { lesions, liver, frame } = mask.facts;
  if (liver.areaPx === 0) return 'no liver seen';
  const [largest] = lesions;
  if (!largest) return `no tumour in frame ${frame}`;
  const doubts = [...(isUncertain(largest) ? ['uncertain'] : []), ...(touchesLiver(largest, liver) ? [] : ['outside liver'])];
  return [diameter(largest, sizeStep(mask.facts)), ...doubts].join(', ');
}

/** Why the run gets no mask; null: it has one, or may get one. */
export function notAssessed({ keyframes }: { readonly keyframes: readonly Pick<KeyFrameFacts, 'assessed' | 'reason'>[] }): string | null {
  const last = keyframes.at(-1);
  return last?.assessed === false ? `not assessed: ${last.reason ?? ''}` : null;
}

/** `no mask: inference failed (run 3, frame 25)` of the latest key frame, or null. */
export function maskFailure({ mask, keyframes }: StreamView, stream: string, failure: Failure): string | null {
  const key = keyframes.at(-1);
  if (!key || !failure || failure.run !== key.run || failure.frame !== key.frame) return null;
  if (mask?.facts.run === key.run && mask.facts.frame === key.frame) return null;
  return `no mask: inference failed (run ${runName(key.run, stream)}, frame ${key.frame})`;
}

/** The label of a mask on a picture: on its own its name, on another also its age. */
export function overlayLabel(overlay: Overlay): string {
  const { frame, status, lesions } = overlay.mask.facts;
  if (overlay.kind === 'own') return `key frame ${frame}, ${status}${lesions.length > 0 ? '' : ': no tumour found'}`;
  return `${lesions.length > 0 ? 'outline of' : 'no tumour found in'} key frame ${frame}, ${age(overlay.ageMs)} old`;
}

/** Which frame the mask is of, and whether it still counts: `frame 12 of run 3, 4.1 s old`, or why there is none. */
export function maskState(view: StreamView, stream: string, link: ServerConnection, now: number, failure: Failure = null): string {
  const { mask, invalid, keyframes, run } = view;
  const unassessed = notAssessed(view);
  if (unassessed !== null && mask?.facts.run !== run) return unassessed;
  const failed = maskFailure(view, stream, failure);
  if (failed !== null && mask?.facts.run !== run) return failed;
  if (!mask) return keyframes.length > 0 ? 'mask on its way' : 'no mask';
  const { facts } = mask;
  const name = `frame ${facts.frame} of run ${runName(facts.run, stream)}`;
  if (invalid) return `History (${invalidText[invalid]}): ${name}`;
  if (link !== 'open') return `Last known: ${name}`;
  if (failed !== null) return `${failed}; shown: ${name}`;
  return `${name}, ${age(now - facts.capturedAt)} old${facts.paddedFrames > 0 ? `, found with ${facts.paddedFrames} of the 10 images up to it missing` : ''}`;
}
