import { areaText, orderedPlanes } from '../../acquire/image-area/area-text';
import { alike } from '../../core/rectangles';
import type { Rect } from '../../frame';
import type { StreamStatus } from '../../protocol/stream-status';
import type { Overlay } from '../state/overlay';

/** A rectangle of the captured picture to be outlined. */
export interface ShownArea {
  readonly rect: Rect;
  /** Written on it, unless empty. */
  readonly name: string;
  /** Whether masks are of this area. */
  readonly taken: boolean;
}

type Row = Pick<StreamStatus, 'width' | 'height' | 'imageArea' | 'imageAreaSettled' | 'imageAreaHint' | 'planes'>;

const imageAreaOf = (rect: Rect): ShownArea => ({ rect, name: 'image area', taken: true });

/** The area of the mask on its own picture, without a name, which would hide sizes. */
export const areaOfMask = (overlay: Overlay | null): readonly ShownArea[] =>
  overlay?.kind === 'own' ? [{ ...imageAreaOf(overlay.mask.facts.imageArea), name: '' }] : [];

/** On the live picture: the image area, or both planes, or a still area with the moving one. None on another size. */
export function shownAreas(row: Row | undefined, picture: { readonly width: number; readonly height: number }): readonly ShownArea[] {
  if (!row?.imageArea || row.width !== picture.width || row.height !== picture.height) return [];
  const { imageArea, imageAreaSettled: settled, planes } = row;
  const isTaken = (plane: Rect): boolean => alike(plane, imageArea);
  const both = orderedPlanes(planes);
  if (both.length === 2 && both.some(isTaken))
    return both.map((rect, at) => ({ rect, name: `plane=${at + 1}${isTaken(rect) ? ', taken' : ''}`, taken: isTaken(rect) }));
  const area = settled === false ? { ...imageAreaOf(imageArea), name: 'image area, not settled' } : imageAreaOf(imageArea);
  const [moving] = planes;
  return moving && settled === true && !isTaken(moving) ? [{ rect: moving, name: 'moves', taken: false }, area] : [area];
}

/** The image area in words, for engineers, and whether they should do something about it. */
export function imageAreaText(row: Row | undefined): { readonly words: string; readonly alarm: boolean } {
  if (!row?.imageArea) return { words: '', alarm: false };
  if (row.imageAreaHint) return { words: row.imageAreaHint, alarm: true };
  if (row.imageAreaSettled === false)
    return { words: 'image area not settled yet: three exposures must agree, or give imageArea=x,y,w,h', alarm: true };
  return { words: `image area ${areaText(row.imageArea)}`, alarm: false };
}
