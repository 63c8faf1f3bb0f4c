import { pictureOrder } from '../../src/acquire/ffmpeg/decoded-pictures';

/** Indices of the pictures that come out of order, given their times; B: depends on a later picture. */
function disorder(codec: string, ...pictures: readonly (number | null | `B${number}`)[]): number[] {
  const disordered = pictureOrder();
  return pictures.flatMap((picture, i) => {
    const seconds = typeof picture === 'string' ? Number(picture.slice(1)) : picture;
    return disordered(codec, { seconds, bidirectional: typeof picture === 'string' }) ? [i] : [];
  });
}

it.each([
  ['pictures that are older than the one before, again and again', 'odd', [0, 3, 'B1', 'B2', 6, 'B4', 'B5', 9, 'B7', 'B8'], [8, 9]],
  ['a B-frame of MPEG-2, whatever time it is given', 'mpeg2video', [0, 0.1, 'B0.2', 0.3], [2]],
  ['no B-frame that a decoder puts in its place', 'h264', [0, 'B-0.2', 'B-0.1', 0, 'B0.1', 'B0.2', 0.3], []],
  ['no clock that is corrected now and then', 'h264', [0, 0.04, 0.08, 0.07, 0.11, 0.1, 0.14, 0.13, 0.12], []],
  ['no clock that is set, and none that stands or is missing', 'odd', ['B0', 'B3600', 'B0', 'B0', null, 'B1', null, 'B0.5'], []],
] as const)('takes for out of order: %s', (_, codec, pictures, expected) => {
  expect(disorder(codec, ...pictures)).toEqual(expected);
});
