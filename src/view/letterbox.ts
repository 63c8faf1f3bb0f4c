import type { Rect } from '../frame';

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
