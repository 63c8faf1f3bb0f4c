import type { ConnectionEvent } from '../../src/acquire/connection/connection';
import { dimPictures, dimText, isDimText } from '../../src/acquire/connection/dim-pictures';
import { deepBits } from '../../src/acquire/ffmpeg/decoded-pictures';
import { marbles } from '../support/marbles';

const image = (brightest: number, bits?: number): ConnectionEvent => ({
  kind: 'image',
  image: {
    width: 2,
    height: 1,
    pixels: Uint8Array.of(0, brightest),
    seconds: null,
    damaged: false,
    at: 0,
    behindMs: 0,
    ...(bits && { deepBits: bits }),
  },
});
const images = { i: image(15, 16), j: image(3, 16), b: image(16, 16), z: image(0, 16), o: image(15) };
const events = { ...images, d: { kind: 'dim', bits: 16, used: 12 } } as const;

it(
  'reports a 16-bit video whose samples use twelve bits, once, after twenty pictures or at its end',
  marbles(({ cold, expectObservable }) => {
    const drawn = (given: string, told: string, values: object = events) =>
      expectObservable(cold<ConnectionEvent>(given, images).pipe(dimPictures())).toBe(told, values);
    drawn('jiii|', 'jiii(d|)');
    drawn('jjj|', 'jjj(d|)', { ...events, d: { kind: 'dim', bits: 16, used: 10 } });
    drawn(`${'i'.repeat(19)}i---i|`, `${'i'.repeat(19)}(id)i|`);
    // A bright one, black ones, few bits: nothing to report.
    drawn('iibiiii|', 'iibiiii|');
    drawn('zzz|', 'zzz|');
    drawn('ooo|', 'ooo|');
    drawn('|', '|');
    drawn('ii#', 'ii#');
  }),
);

it('lists the formats with bits to spare', () => {
  const bits = ['gray', 'gray10le', 'yuv420p10le', 'gray12le', 'gray16le', 'gbrp12le', 'rgb48le', 'yuv420p16le'].map(deepBits);
  expect(bits).toEqual([undefined, undefined, undefined, 12, 16, 12, 16, 16]);
});

it('gives the option that makes them brighter', () => {
  expect(dimText({ bits: 16, used: 12 })).toMatch(/16-bit samples use 12 bits at most.*val\*16/);
  expect(isDimText(dimText({ bits: 12, used: 8 }))).toBe(true);
});
