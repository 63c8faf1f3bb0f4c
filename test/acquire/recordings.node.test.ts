import fc from 'fast-check';
import { lastValueFrom, toArray } from 'rxjs';
import type { Ffmpeg } from '../../src/acquire/ffmpeg/binary.node';
import type { Frame } from '../../src/frame';
import { digest, everyFfmpeg, run, scratch, source } from './ffmpegs';

jest.setTimeout(60_000);

let ffmpegs: readonly Ffmpeg[];
const folder = scratch();
beforeAll(async () => {
  ffmpegs = await everyFfmpeg();
});
afterAll(() => folder.remove());

async function framesOf(uri: string, ffmpeg: Ffmpeg): Promise<readonly Frame[]> {
  const events = await lastValueFrom(source(uri, ffmpeg).pipe(toArray()));
  return events.flatMap((event) => (event.kind === 'frame' ? [event.frame] : []));
}

const ramp = 'color=black:s=1024x64:r=10,format=gray,geq=lum=X/4';
const encodings: readonly (readonly [name: string, file: string, ...args: string[]])[] = [
  ['H.264 in limited range', 'limited.mp4', '-vf', 'scale=out_range=limited,format=yuv420p', '-c:v', 'libx264', '-qp', '0'],
  ['H.264 in full range', 'full.mp4', '-vf', 'scale=out_range=full,format=yuvj420p', '-c:v', 'libx264', '-qp', '0'],
  ['yuyv422', 'yuyv.nut', '-vf', 'scale=out_range=limited,format=yuyv422', '-c:v', 'rawvideo'],
  ['nv12', 'nv12.nut', '-vf', 'scale=out_range=limited,format=nv12', '-c:v', 'rawvideo'],
  ['RGB', 'rgb.nut', '-vf', 'format=rgb24', '-c:v', 'rawvideo'],
  ['motion JPEG', 'mjpeg.avi', '-vf', 'scale=out_range=full,format=yuvj422p', '-c:v', 'mjpeg', '-q:v', '1'],
];

it.each(encodings)('reads %s as grey from 0 to 255', async (_, file, ...args) => {
  for (const ffmpeg of ffmpegs) {
    const path = folder.path(`${ffmpeg.origin}-${file}`);
    await run(ffmpeg.path, '-f', 'lavfi', '-i', ramp, '-frames:v', '3', ...args, path);
    const frames = await framesOf(`file:${path}#rate=max`, ffmpeg);
    expect(frames).toHaveLength(3);
    const row = [...(frames.at(-1)?.pixels.subarray(32 * 1024, 33 * 1024) ?? [])];
    const farthest = row.reduce((worst, grey, x) => Math.max(worst, Math.abs(grey - Math.floor(x / 4))), 0);
    expect(row[0]).toBe(0);
    expect(row[1023]).toBe(255);
    expect(farthest).toBeLessThanOrEqual(2);
  }
});

it.each([
  ['squeezed to half its width', 'sar.mp4', '640x800', '2/1', 2, ['-c:v', 'libx264']],
  ['PAL on a DVD', 'pal.mpg', '720x576', '16/15', 16 / 15, ['-c:v', 'mpeg2video']],
  ['HDV', 'hdv.mp4', '1440x1080', '4/3', 4 / 3, ['-c:v', 'libx264', '-preset', 'ultrafast']],
])('reads the pixel aspect ratio of a recording: %s', async (_, file, size, sar, pixelAspect, codec) => {
  for (const ffmpeg of ffmpegs) {
    const path = folder.path(`${ffmpeg.origin}-${file}`);
    await run(ffmpeg.path, '-f', 'lavfi', '-i', `testsrc=s=${size}:r=25`, '-frames:v', '3', '-vf', `setsar=${sar}`, ...codec, path);
    const frames = await framesOf(`file:${path}#rate=max`, ffmpeg);
    for (const frame of frames) expect(frame.pixelAspect).toBeCloseTo(pixelAspect, 6);
    expect(frames).toHaveLength(3);
  }
});

it('inverts a source whose vessels are bright', async () => {
  const [ffmpeg] = ffmpegs;
  if (!ffmpeg) throw new Error('no ffmpeg');
  const path = folder.path('bright.nut');
  await run(ffmpeg.path, '-f', 'lavfi', '-i', ramp, '-frames:v', '1', '-vf', 'format=gray', '-c:v', 'rawvideo', path);
  const [frame] = await framesOf(`file:${path}#rate=max&polarity=bright-vessels`, ffmpeg);
  expect(frame?.pixels[0]).toBe(255);
  expect(frame?.pixels[1023]).toBe(0);
});

it.each([
  ['as they are', ''],
  ['inverted, and partly hidden', '&polarity=bright-vessels&redact=0,0,16,16'],
])('reads repeated pictures like all others: %s', async (_, options) => {
  for (const ffmpeg of ffmpegs) {
    const path = folder.path(`${ffmpeg.origin}-repeated.mp4`);
    // Each picture five times.
    const pictures = 'testsrc2=s=320x240:r=2:d=3,fps=10,format=yuv420p';
    await run(ffmpeg.path, '-f', 'lavfi', '-i', pictures, '-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '0', path);
    const read = async (can: Ffmpeg): Promise<readonly Frame[]> => framesOf(`file:${path}#rate=max${options}`, can);
    const [frames, written] = [await read(ffmpeg), await read({ ...ffmpeg, changedOnly: false })];
    const told = (all: readonly Frame[]) =>
      all.map(({ index, width, height, pixels, capturedAt }) => [
        index,
        width,
        height,
        digest(pixels),
        capturedAt - (all[0]?.capturedAt ?? 0),
      ]);
    expect(told(frames)).toEqual(told(written));
    const repeats = (all: readonly Frame[]): number => all.filter(({ pixels }, i) => pixels === all[i - 1]?.pixels).length;
    const different = new Set(frames.map(({ pixels }) => digest(pixels))).size;
    expect(different).toBeGreaterThan(3);
    expect(different).toBeLessThan(frames.length / 3);
    expect(repeats(written)).toBe(0);
    expect(repeats(frames)).toBe(ffmpeg.changedOnly ? frames.length - different : 0);
  }
});

it('sees a change too small to count within thirty pictures', async () => {
  for (const ffmpeg of ffmpegs) {
    const path = folder.path(`${ffmpeg.origin}-dot.nut`);
    // From the 36th on a pixel is one grey level brighter.
    const dot = "color=black:s=640x480:r=60,format=gray,geq=lum='40+eq(X,9)*eq(Y,9)*gte(N,35)'";
    await run(ffmpeg.path, '-f', 'lavfi', '-i', dot, '-frames:v', '80', '-c:v', 'rawvideo', path);
    const frames = await framesOf(`file:${path}#rate=max`, ffmpeg);
    const brighter = frames.map(({ pixels, width }) => (pixels[9 * width + 9] ?? 0) - (pixels[0] ?? 0));
    expect(brighter).toHaveLength(80);
    expect(brighter.indexOf(1)).toBe(ffmpeg.changedOnly ? 60 : 35);
    expect(brighter.slice(60)).toEqual(Array.from({ length: 20 }, () => 1));
  }
});

it.each([
  [507, 511],
  [33, 17],
  [1920, 1080],
])('reads pictures of %i × %i whole', async (width, height) => {
  for (const ffmpeg of ffmpegs) {
    const path = folder.path(`${ffmpeg.origin}-${width}.nut`);
    await run(
      ffmpeg.path,
      ...['-f', 'lavfi', '-i', `nullsrc=s=${width}x${height}:r=5,format=gray,geq=lum=mod(X*3+Y*7\\,256)`],
      ...['-frames:v', '2', '-c:v', 'rawvideo', path],
    );
    const frames = await framesOf(`file:${path}#rate=max`, ffmpeg);
    expect(frames.map((frame) => [frame.width, frame.height, frame.pixels.length])).toEqual(Array(2).fill([width, height, width * height]));
    const pixels = frames[1]?.pixels ?? new Uint8Array();
    fc.assert(
      fc.property(fc.nat(width - 1), fc.nat(height - 1), (x, y) => pixels[y * width + x] === (x * 3 + y * 7) % 256),
      { numRuns: 200 },
    );
  }
});

it('follows pictures that change their size in mid-stream, without smearing or rescaling', async () => {
  for (const ffmpeg of ffmpegs) {
    const sizes = ['640x480', '480x640', '320x240'];
    for (const size of sizes) {
      const pattern = `nullsrc=s=${size}:r=30,format=gray,geq=lum=mod(X+Y\\,200)+20`;
      await run(
        ffmpeg.path,
        ...['-f', 'lavfi', '-i', pattern, '-frames:v', '10', '-vf', 'scale=out_range=limited,format=yuv420p'],
        ...['-c:v', 'libx264', '-qp', '0', '-preset', 'ultrafast', folder.path(`${size}.ts`)],
      );
    }
    const all = folder.path('sizes.ts');
    await run(ffmpeg.path, '-i', `concat:${sizes.map((size) => folder.path(`${size}.ts`)).join('|')}`, '-c', 'copy', all);
    const events = await lastValueFrom(source(`${all}#rate=max`, ffmpeg).pipe(toArray()));
    const connected = events.flatMap((event) => (event.kind === 'connected' ? [`${event.width}x${event.height}`] : []));
    expect(connected).toEqual(sizes);
    expect(events.filter((event) => event.kind === 'frame')).toHaveLength(30);
    for (const event of events) {
      if (event.kind !== 'frame') continue;
      const { width, pixels } = event.frame;
      const wrong = pixels.reduce(
        (count, grey, i) => count + (Math.abs(grey - (((i % width) + Math.floor(i / width)) % 200) - 20) > 2 ? 1 : 0),
        0,
      );
      expect(wrong).toBe(0);
    }
  }
});

it('dates a recording read as fast as possible by its own clock', async () => {
  const [ffmpeg] = ffmpegs;
  if (!ffmpeg) throw new Error('no ffmpeg');
  const path = folder.path('slow.mp4');
  await run(ffmpeg.path, '-f', 'lavfi', '-i', 'testsrc=s=64x64:r=1/2', '-frames:v', '5', '-c:v', 'libx264', path);
  const frames = await framesOf(`${path}#rate=max`, ffmpeg);
  const start = frames[0]?.capturedAt ?? 0;
  expect(frames.map((frame) => Math.round(frame.capturedAt - start))).toEqual([0, 2000, 4000, 6000, 8000]);
  expect(frames.map((frame) => frame.index)).toEqual([0, 1, 2, 3, 4]);
});

it.each([
  ['MPEG-2', 'My Run.m2v', '-c:v', 'mpeg2video', '-bf', '2', '-f', 'mpeg2video'],
  ['MPEG-1', 'run#1.m1v', '-c:v', 'mpeg1video', '-f', 'mpeg1video'],
])('reads an elementary stream of %s, by its URL', async (_, file, ...args) => {
  for (const ffmpeg of ffmpegs) {
    await run(ffmpeg.path, '-f', 'lavfi', '-i', 'testsrc=s=320x240:r=25', '-t', '2', ...args, folder.path(file));
    const url = `file://${folder.path('')}/${encodeURIComponent(file)}`;
    expect(await framesOf(`${url}#rate=max`, ffmpeg)).toHaveLength(50);
  }
});
