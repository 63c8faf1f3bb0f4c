import type { Rect } from '../../frame';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a picture lies in a box that shows all of it as large as possible, undistorted and centred. Empty when either is. */
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

const touch = (a: Rect, b: Rect): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const shared = (a: Rect, b: Rect): number =>
  touch(a, b)
    ? (Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) * (Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y))
    : 0;

/**
 * Where labels stand: right of their lesion, left, above or below, or further off, wherever they cover the least of lesions and of the labels before them,
 * and always within the picture. `gap`: pixels between lesion and label.
 */
export function labelPlaces(labelled: readonly Labelled[], picture: Size, gap: number): readonly Rect[] {
  const lesions = labelled.map(({ lesion }) => lesion);
  return labelled.reduce<readonly Rect[]>((placed, { lesion, label }) => {
    const middle = { x: lesion.x + lesion.width / 2, y: lesion.y + lesion.height / 2 };
    const [right, left] = [lesion.x + lesion.width + gap, lesion.x - gap - label.width];
    const [above, below] = [lesion.y - gap - label.height, lesion.y + lesion.height + gap];
    const centred = { x: middle.x - label.width / 2, y: middle.y - label.height / 2 };
    const wishes = [
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
    const cover = (wish: Rect): number => [...lesions, ...placed].reduce((sum, other) => sum + shared(wish, other), 0);
    const best = wishes.reduce((a, b) => (cover(b) < cover(a) ? b : a));
    return [...placed, best];
  }, []);
}
