import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom, NEVER } from 'rxjs';
import { connection } from '../../src/acquire/connection/connection';
import { ffmpegArgs } from '../../src/acquire/ffmpeg/arguments';
import type { Ffmpeg } from '../../src/acquire/ffmpeg/binary.node';
import { ffmpegProcess } from '../../src/acquire/ffmpeg/process.node';
import { Luma, toFullRange } from '../../src/acquire/pixels/luma';
import { recordedImages } from '../../src/acquire/recorded-images.node';
import { parseSource } from '../../src/acquire/source-uri';
import { clock, everyFfmpeg, run } from './ffmpegs';

const [WIDTH, HEIGHT] = [64, 32];
/** Blocks of 8 × 8, each of one grey value, from 0 to 248. */
const pattern = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => 8 * (((i >> 3) & 7) + 8 * (i >> 9)));
const folder = mkdtempSync(join(tmpdir(), 'grey-'));
afterAll(() => rmSync(folder, { recursive: true }));

const uniform = (length: number, value = 128): Uint8Array => new Uint8Array(length).fill(value);
const joined = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);
/** Every second byte, from `offset`, is luma. */
const packed = (offset: 0 | 1): Uint8Array =>
  Uint8Array.from({ length: 2 * pattern.length }, (_, i) => (i % 2 === offset ? (pattern[i >> 1] ?? 0) : 90));
const tenBits = (values: Uint8Array, shift: number): Uint8Array =>
  new Uint8Array(Uint16Array.from(values, (value) => value << shift).buffer);
const half = pattern.length / 2;

/** The pattern as luma of each format, with chroma far from grey, to expose any mixing. */
const formats: Readonly<Record<string, () => Uint8Array>> = {
  gray: () => pattern,
  yuv420p: () => joined(pattern, uniform(half, 60)),
  yuv422p: () => joined(pattern, uniform(2 * half, 200)),
  yuv444p: () => joined(pattern, uniform(4 * half, 30)),
  nv12: () => joined(pattern, uniform(half, 60)),
  yuyv422: () => packed(0),
  uyvy422: () => packed(1),
  yuv420p10le: () => joined(tenBits(pattern, 2), tenBits(uniform(half, 60), 2)),
  yuv422p10le: () => joined(tenBits(pattern, 2), tenBits(uniform(2 * half, 60), 2)),
  p010le: () => joined(tenBits(pattern, 8), tenBits(uniform(half, 60), 8)),
};

/** A recording of one picture, raw or losslessly coded, tagged with a range. */
async function recorded(ffmpeg: Ffmpeg, format: string, coding: readonly string[], file: string): Promise<string> {
  const [raw, video] = [join(folder, `${format}.raw`), join(folder, `${ffmpeg.origin}-${format}-${file}`)];
  writeFileSync(raw, formats[format]?.() ?? pattern);
  const input = ['-f', 'rawvideo', '-pix_fmt', format, '-s', `${WIDTH}x${HEIGHT}`, '-i', raw];
  await run(ffmpeg.path, ...input, ...coding, video);
  return video;
}

const firstGrey = async (ffmpeg: Ffmpeg, video: string): Promise<Uint8Array> =>
  (await firstValueFrom(recordedImages(video, ffmpeg, clock).pipe(filter(({ width }) => width === WIDTH)))).pixels;

const stretched = pattern.slice();
toFullRange(stretched);
const furthest = (a: Uint8Array, b: Uint8Array): number => a.reduce((most, grey, i) => Math.max(most, Math.abs(grey - (b[i] ?? 0))), 0);

describe('a test pattern comes out in the right grey', () => {
  it.each(Object.keys(formats))('of raw %s, as a device gives it: in video range unless it is grey', async (format) => {
    for (const ffmpeg of await everyFfmpeg()) {
      const raw = join(folder, `${format}.raw`);
      writeFileSync(raw, formats[format]?.() ?? pattern);
      const { inputOptions, outputOptions } = ffmpegArgs(parseSource('v4l2:/dev/video0'), ffmpeg);
      const asRaw = inputOptions
        .slice(0, inputOptions.indexOf('-f'))
        .concat('-f', 'rawvideo', '-pix_fmt', format, '-s', `${WIDTH}x${HEIGHT}`);
      const events = ffmpegProcess(ffmpeg.path, { inputOptions: asRaw, input: raw, outputOptions }, { clock, kill: NEVER }).pipe(
        connection(),
      );
      const shown = await firstValueFrom(events.pipe(filter((event) => event.kind === 'image')));
      const { pixels, videoRangeBits = null } = shown.image;
      expect(furthest(new Luma(pixels, videoRangeBits).full(), format === 'gray' ? pattern : stretched)).toBeLessThanOrEqual(
        format.includes('10') ? 1 : 0,
      );
    }
  });

  it.each(['yuv420p', 'yuv422p', 'yuv420p10le', 'yuv422p10le'])('of %s tagged with its range', async (format) => {
    for (const ffmpeg of await everyFfmpeg()) {
      for (const [range, expected] of [
        ['tv', stretched],
        ['pc', pattern],
      ] as const) {
        const lossless = ['-vf', `scale=in_range=${range}:out_range=${range}`, '-pix_fmt', format, '-c:v', 'ffv1', '-color_range', range];
        const grey = await firstGrey(ffmpeg, await recorded(ffmpeg, format, lossless, `${range}.mkv`));
        expect(furthest(grey, expected)).toBeLessThanOrEqual(format.includes('10') ? 1 : 0);
      }
    }
  });

  it('of H.264 in full range, as screen recorders write it', async () => {
    for (const ffmpeg of await everyFfmpeg()) {
      const full = ['-vf', 'scale=in_range=pc:out_range=pc', '-pix_fmt', 'yuvj420p', '-c:v', 'libx264', '-qp', '0'];
      expect(furthest(await firstGrey(ffmpeg, await recorded(ffmpeg, 'yuv420p', full, 'full.mp4')), pattern)).toBe(0);
    }
  });

  it('of v210, as capture cards give 4:2:2 in 10 bits', async () => {
    for (const ffmpeg of await everyFfmpeg()) {
      const grey = await firstGrey(ffmpeg, await recorded(ffmpeg, 'yuv422p10le', ['-c:v', 'v210'], 'v210.mov'));
      expect(furthest(grey, stretched)).toBeLessThanOrEqual(1);
    }
  });

  it('of RGB, as a screen is grabbed', async () => {
    for (const ffmpeg of await everyFfmpeg()) {
      const colours = Uint8Array.from({ length: 3 * pattern.length }, (_, i) => pattern[Math.floor(i / 3)] ?? 0);
      const [raw, video] = [join(folder, 'rgb.raw'), join(folder, `${ffmpeg.origin}-rgb.nut`)];
      writeFileSync(raw, colours);
      await run(ffmpeg.path, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${WIDTH}x${HEIGHT}`, '-i', raw, '-c:v', 'rawvideo', video);
      expect(furthest(await firstGrey(ffmpeg, video), pattern)).toBeLessThanOrEqual(1);
    }
  });
});
