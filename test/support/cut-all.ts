import type { Image, ImageCutter, PipePart } from '../../src/acquire/ffmpeg/cut-images';

/** The images that are complete with a part of a pipe, from a cutter with room for all. */
export function cutAll({ cut }: ImageCutter, part: PipePart): readonly Image[] {
  const images: Image[] = [];
  cut(part, (facts, room) => void (room && images.push({ ...facts, ...room })));
  return images;
}
