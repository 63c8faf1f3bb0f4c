import type { Rect } from '../../frame';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Fits a picture into a box, undistorted and centred; empty when either is. */
export function letterbox(picture: Size, box: Size): Rect {
  if (picture.width <= 0 || picture.height <= 0) return { x: box.width / 2, y: box.height / 2, width: 0, height: 0 };
  const scale = Math.min(box.width / picture.width, box.height / picture.height);
  const width = picture.width * scale;
  const height = picture.height * scale;
  return { x: (box.width - width) / 2, y: (box.height - height) / 2, width, height };
}

/** A label and the lesion it names, in the same pixels. */
export interface Labelled {
  readonly lesion: Rect;
  readonly label: Size;
}

const overlaps = (a: Rect, b: Rect): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const sharedArea = (a: Rect, b: Rect): number =>
  overlaps(a, b)
    ? (Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) * (Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y))
    : 0;

/**
 * Places labels beside their lesions, or further off, where they cover least of lesions and of the labels before them,
 * always within the picture. `gap`: pixels between lesion and label.
 */
export function labelPlaces(labelled: readonly Labelled[], picture: Size, gap: number): readonly Rect[] {
  const lesions = labelled.map(({ lesion }) => lesion);
  return labelled.reduce<readonly Rect[]>((placed, { lesion, label }) => {
    const middle = { x: lesion.x + lesion.width / 2, y: lesion.y + lesion.height / 2 };
    const [right, left] = [lesion.x + lesion.width + gap, lesion.x - gap - label.width];
    const [above, below] = [lesion.y - gap - label.height, lesion.y + lesion.height + gap];
    const centred = { x: middle.x - label.width / 2, y: middle.y - label.height / 2 };
    const candidates = [
      { x: right, y: centred.y },
      { x: left, y: centred.y },
      { x: centred.x, y: above },
      { x: centred.x, y: below },
      ...[right, left].flatMap((x) => [above, below].map((y) => ({ x, y }))),
      ...[2, 3].flatMap((rows) => [
        { x: centred.x, y: above - (rows - 1) * label.height },
        { x: centred.x, y: below + (rows - 1) * label.height },
      ]),
    ].map(({ x, y }) => ({
      ...label,
      x: Math.max(0, Math.min(x, picture.width - label.width)),
      y: Math.max(0, Math.min(y, picture.height - label.height)),
    }));
    const coverage = (place: Rect): number => [...lesions, ...placed].reduce((sum, other) => sum + sharedArea(place, other), 0);
    const best = candidates.reduce((a, b) => (coverage(b) < coverage(a) ? b : a));
    return [...placed, best];
  }, []);
}
