import type { InvalidReason, KeyFrameStatus } from '../../event';
import type { Lesion, Point, TumourMask } from '../../mask/tumour-mask';
import type { KeyFrameFacts, MaskMessage } from '../../protocol/messages';
import type { LastFailure } from '../../protocol/stream-status';
import { age, runName } from './format';
import type { Overlay } from './overlay';
import type { ServerConnection, StreamView } from './stream-view';

/** What says how large a cell of a mask's grid is. */
export type Grid = Pick<MaskMessage, 'width' | 'height' | 'imageArea' | 'pixelAspect' | 'pixelSpacingMm'>;

const STEPS_MM = [10, 5, 2];

/** The steps in which a length is said, in mm: none finer than a cell of the grid it was measured on, as far as round numbers go; 1 at least. */
export function sizeStep({ width, height, imageArea, pixelAspect, pixelSpacingMm }: Grid): number {
  const cell = Math.max((imageArea.width * pixelAspect) / width, imageArea.height / height) * (pixelSpacingMm ?? 0);
  return STEPS_MM.find((step) => step <= cell) ?? 1;
}

/** Whether any of a lesion lies within the outlines of the liver; tumours at its edge bulge out of it. */
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

export const invalidWords: Readonly<Record<InvalidReason, string>> = {
  'new-run': 'a new run has begun',
  'scene-change': 'table or C-arm moved',
  'source-lost': 'the source was lost',
  superseded: 'a better key frame was found',
};

export const statusWords: Readonly<Record<KeyFrameStatus, string>> = {
  stabilised: 'while the run goes on: the image stands still',
  improved: 'better than the last one',
  final: 'the paper’s rule over the last 15 images of the run, as far as they show contrast',
};

type Diameter = Pick<Lesion, 'longestDiameterMm' | 'longestDiameterPx'>;
type Failure = Pick<LastFailure, 'run' | 'frame'> | null;
type Area = Pick<Lesion, 'areaMm2' | 'areaPx'>;

/** The longest diameter of a lesion, `about 21 mm` where the pixel spacing is known: in steps of `stepMm`, no finer than the grid it was measured on. */
export function diameter({ longestDiameterMm, longestDiameterPx }: Diameter, stepMm = 1): string {
  if (longestDiameterMm === null) return `about ${Math.round(longestDiameterPx)} px`;
  return longestDiameterMm < stepMm ? `less than ${stepMm} mm` : `about ${Math.round(longestDiameterMm / stepMm) * stepMm} mm`;
}

/** In two figures: an edge that is a cell off makes an area some hundredths larger or smaller. */
export function area({ areaMm2, areaPx }: Area): string {
  return areaMm2 === null ? `${twoFigures(areaPx)} px²` : `${twoFigures(areaMm2)} mm²`;
}

const twoFigures = (value: number): number => Math.round(Number(value.toPrecision(2)));

/** `3 lesions, largest about 21 mm`; without any, `no tumour found in frame 12`, for of other frames nothing is known. */
export function lesionsInShort(lesions: readonly Diameter[], frame: number, stepMm = 1): string {
  const [largest] = lesions;
  if (!largest) return `no tumour found in frame ${frame}`;
  return lesions.length === 1
    ? `1 lesion, ${diameter(largest, stepMm)}`
    : `${lesions.length} lesions, largest ${diameter(largest, stepMm)}`;
}

/** What a mask shows, with a word of doubt where it shows no liver, or lesions that lie outside it. */
export function foundInShort(facts: Pick<MaskMessage, 'lesions' | 'liver' | 'frame'> & Grid): string {
  const { lesions, liver, frame } = facts;
  const found = lesionsInShort(lesions, frame, sizeStep(facts));
  if (liver.areaPx === 0) return `no liver seen in frame ${frame}${lesions.length > 0 ? `: ${found}` : ''}`;
  return lesions.length > 0 && !lesions.some((lesion) => touchesLiver(lesion, liver)) ? `${found}, outside the liver` : found;
}

/** What a screen says of three metres: the largest lesion, or in a few words that there is none to say. */
export function largestInShort(view: Pick<StreamView, 'mask' | 'keyframes' | 'run'>): string {
  const { mask, run } = view;
  if (notAssessed(view) !== null && mask?.facts.run !== run) return 'not assessed';
  if (!mask) return 'no mask';
  const { lesions, liver, frame } = mask.facts;
  if (liver.areaPx === 0) return 'no liver seen';
  const [largest] = lesions;
  if (!largest) return `no tumour in frame ${frame}`;
  return `${diameter(largest, sizeStep(mask.facts))}${touchesLiver(largest, liver) ? '' : ', outside liver'}`;
}

/** Why the run has no mask and gets none; null: it has one, or may get one. */
export function notAssessed({ keyframes }: { readonly keyframes: readonly Pick<KeyFrameFacts, 'assessed' | 'reason'>[] }): string | null {
  const last = keyframes.at(-1);
  return last?.assessed === false ? `not assessed: ${last.reason ?? ''}` : null;
}

/** `no mask: inference failed (run 3, frame 25)`, of the latest key frame; null: it has its mask, or may get one. */
export function maskFailed({ mask, keyframes }: StreamView, stream: string, failure: Failure): string | null {
  const key = keyframes.at(-1);
  if (!key || !failure || failure.run !== key.run || failure.frame !== key.frame) return null;
  if (mask?.facts.run === key.run && mask.facts.frame === key.frame) return null;
  return `no mask: inference failed (run ${runName(key.run, stream)}, frame ${key.frame})`;
}

/** How a mask is marked where it lies on a picture: on its own by its name, on another also by its age. */
export function overlayMark(overlay: Overlay): string {
  const { frame, status, lesions } = overlay.mask.facts;
  if (overlay.kind === 'own') return `key frame ${frame}, ${status}${lesions.length > 0 ? '' : ': no tumour found'}`;
  return `${lesions.length > 0 ? 'outline of' : 'no tumour found in'} key frame ${frame}, ${age(overlay.ageMs)} old`;
}

/** What the mask is of, and whether it still counts: `frame 12 of run 3, 4.1 s old`, or what there is instead. */
export function maskState(view: StreamView, stream: string, link: ServerConnection, now: number, failure: Failure = null): string {
  const { mask, invalid, keyframes, run } = view;
  const unassessed = notAssessed(view);
  if (unassessed !== null && mask?.facts.run !== run) return unassessed;
  const failed = maskFailed(view, stream, failure);
  if (failed !== null && mask?.facts.run !== run) return failed;
  if (!mask) return keyframes.length > 0 ? 'mask on its way' : 'no mask';
  const { facts } = mask;
  const name = `frame ${facts.frame} of run ${runName(facts.run, stream)}`;
  if (invalid) return `History (${invalidWords[invalid]}): ${name}`;
  if (link !== 'open') return `Last known: ${name}`;
  if (failed !== null) return `${failed}; shown: ${name}`;
  return `${name}, ${age(now - facts.capturedAt)} old${facts.paddedFrames > 0 ? `, found with ${facts.paddedFrames} of the 10 images before it missing` : ''}`;
}
