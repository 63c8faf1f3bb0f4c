import { wallColumns, wallPictureWidth } from '../../src/view/wall/wall-layout';

it('gives every stream of a wall the largest picture: side by side on wide screens, one below the other on narrow ones', () => {
  const columns = (count: number, width: number, height: number): number => wallColumns(count, { width, height });
  expect([0, 1, 2, 4, 6, 9].map((count) => columns(count, 1920, 1080))).toEqual([1, 1, 2, 2, 3, 3]);
  expect(columns(4, 500, 1500)).toBe(1);
});

it('requests pictures of a wall that just fill a tile in the pixels of the screen', () => {
  const asked = (count: number, width: number, height: number, ratio = 1): number | null =>
    wallPictureWidth(count, { width, height }, ratio);
  expect([1, 2, 4, 6, 9].map((count) => asked(count, 1920, 1080))).toEqual([1920, 960, 960, 640, 640]);
  expect([asked(4, 390, 844), asked(4, 390, 844, 3), asked(4, 1920, 1080, 2), asked(1, 3840, 2160, 2)]).toEqual([480, 1280, 1920, null]);
});
