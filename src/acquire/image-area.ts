import type { Frame, Rect } from '../frame';
import { activityBox } from './activity-box';

type Shown = Pick<Frame, 'width' | 'height' | 'pixels' | 'loan'>;

/** A side of the image that lies this close to the edge of the picture lies on it. */
const snap = 3;

/**
 * Finds where the X-ray image lies in a picture: give it each frame, it gives the area to use for it. The whole picture at first; from the first change
 * that looks like an acquisition, its place; and once fresh noise has confirmed a place, that one for good, until the picture's size changes.
 */
export function imageAreaFinder(): (frame: Shown) => Rect {
  let before: Shown | null = null;
  let area: Rect = { x: 0, y: 0, width: 0, height: 0 };
  let size = '';
  let candidate: Rect | null = null;
  let settled = false;

  const remember = (frame: Shown | null): void => {
    frame?.loan?.hold();
    before?.loan?.release();
    before = frame;
  };

  return (frame) => {
    const { width, height } = frame;
    if (size !== `${width}x${height}`) {
      size = `${width}x${height}`;
      area = { x: 0, y: 0, width, height };
      [candidate, settled] = [null, false];
      remember(null);
    }
    if (settled) return area;
    const activity = before && activityBox(before.pixels, frame.pixels, width, height);
    remember(frame);
    if (activity) {
      const box = snapped(activity.box, width, height);
      settled = activity.noisy && candidate !== null && alike(box, candidate);
      // The two may differ by a pixel or so: the first stays, so that nothing moves within a run.
      if (settled) remember(null);
      else if (candidate === null || activity.noisy || !alike(box, candidate)) {
        if (candidate === null || !alike(box, candidate)) area = box;
        candidate = area;
      }
    }
    return area;
  };
}

function snapped({ x, y, width, height }: Rect, pictureWidth: number, pictureHeight: number): Rect {
  const left = x <= snap ? 0 : x;
  const top = y <= snap ? 0 : y;
  const right = x + width >= pictureWidth - snap ? pictureWidth : x + width;
  const bottom = y + height >= pictureHeight - snap ? pictureHeight : y + height;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** They share nine tenths of what they cover together. */
function alike(a: Rect, b: Rect): boolean {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const shared = Math.max(0, width) * Math.max(0, height);
  return shared >= 0.9 * (a.width * a.height + b.width * b.height - shared);
}
