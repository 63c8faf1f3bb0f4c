import { readFileSync, writeFileSync } from 'node:fs';
import type fc from 'fast-check';
import { lastValueFrom, toArray } from 'rxjs';
import type { Ffmpeg } from '../../src/acquire/ffmpeg/binary.node';
import { SourceError } from '../../src/acquire/source';
import { childrenWith, everyFfmpeg, run, scratch, source } from '../acquire/ffmpegs';
import { holds, mustBeOneLine } from './fuzz';
import { byChance, spoiltBytes } from './mutations';

const folder = scratch();
let ffmpegs: readonly Ffmpeg[] = [];
let turn = 0;
let pictures: readonly Uint8Array[] = [];
let units: readonly Uint8Array[] = [];
const containers = new Map<string, Uint8Array>();

/** The pieces of a stream that begin with a mark. */
function piecesOf(bytes: Uint8Array, mark: readonly number[]): readonly Uint8Array[] {
  const whole = Buffer.from(bytes);
  const starts: number[] = [];
  for (let at = whole.indexOf(Buffer.from(mark)); at >= 0; at = whole.indexOf(Buffer.from(mark), at + 1)) starts.push(at);
  return starts.map((start, i) => Uint8Array.from(whole.subarray(start, starts[i + 1] ?? whole.length)));
}

beforeAll(async () => {
  ffmpegs = await everyFfmpeg();
  const binary = ffmpegs[0]?.path ?? '';
  const pattern = (seconds: number) => ['-f', 'lavfi', '-i', `testsrc=s=96x64:r=10:d=${seconds}`];
  const made = async (name: string, seconds: number, ...args: string[]): Promise<Uint8Array> => {
    await run(binary, ...pattern(seconds), ...args, folder.path(name));
    return Uint8Array.from(readFileSync(folder.path(name)));
  };
  const h264 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-g', '5', '-preset', 'ultrafast', '-x264-params', 'slices=2'];
  const jpeg = ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-q:v', '4'];
  pictures = piecesOf(await made('valid.mjpeg', 3, ...jpeg, '-f', 'mjpeg'), [0xff, 0xd8, 0xff]);
  units = piecesOf(await made('valid.h264', 12, ...h264, '-f', 'h264'), [0, 0, 1]);
  for (const name of ['mp4', 'ts', 'mkv', 'flv']) containers.set(name, await made(`valid.${name}`, 1, ...h264));
  for (const name of ['avi', 'mov']) containers.set(name, await made(`valid.${name}`, 1, ...jpeg));
  for (const name of ['nut', 'y4m'])
    containers.set(name, await made(`valid.${name}`, 0.5, '-pix_fmt', 'yuv420p', ...(name === 'nut' ? ['-c:v', 'rawvideo'] : [])));
  expect([pictures.length, units.length > 200]).toEqual([30, true]);
});
afterAll(() => folder.remove());

const FILE = folder.path('spoilt');
/** Larger than any monitor; what is announced larger is refused. */
const MOST_PIXELS = 2 ** 26;

/** Plays a file to its end, with another ffmpeg each time: pictures of their size, or a reason; then ffmpeg is gone. */
async function mustEnd(name: string, bytes: Uint8Array): Promise<void> {
  const file = `${FILE}.${name}`;
  writeFileSync(file, bytes);
  const ffmpeg = ffmpegs[turn++ % ffmpegs.length];
  if (!ffmpeg) throw new Error('Expected an ffmpeg');
  let counted = 0;
  try {
    const events = await lastValueFrom(source(`file:${file}#rate=max`, ffmpeg).pipe(toArray()));
    for (const event of events) {
      if (event.kind !== 'frame') continue;
      counted += 1;
      const { width, height, pixels, index } = event.frame;
      expect([pixels.length, pixels.length <= MOST_PIXELS, index]).toEqual([width * height, true, counted - 1]);
    }
    expect(events.at(-1)?.kind).toBe('ended');
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    mustBeOneLine(error.message);
  }
  expect(await childrenWith(file)).toEqual([]);
}

const BATCH = 250;
/** So many pieces of a valid stream, in an order of chance, each spoilt by up to three changes. */
const spoilt = (whole: () => readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  byChance((random, changes) => {
    const pieces = Array.from({ length: BATCH }, () => spoiltBytes(random.pick(whole()), random, random.integer(0, changes)));
    return Uint8Array.from(Buffer.concat(pieces));
  }, 3);

const batches = { casesPerRun: BATCH, slowestMs: 60_000, shrink: false };

holds(
  'a motion JPEG of spoilt pictures is played to its end, or refused with a reason',
  spoilt(() => pictures),
  (bytes) => mustEnd('mjpeg', bytes),
  batches,
);

/** H.264's own units: the parameter sets first, so that there is something to spoil. */
holds('an H.264 stream of spoilt units is played to its end, or refused with a reason', spoilt(() => units), (bytes) =>
  mustEnd('h264', Uint8Array.from(Buffer.concat([...units.slice(0, 3), bytes]))), batches); // prettier-ignore

const names = ['mp4', 'ts', 'mkv', 'flv', 'avi', 'mov', 'nut', 'y4m'] as const;
const files = byChance((random, changes): readonly [string, Uint8Array] => {
  const name = random.pick(names);
  return [name, spoiltBytes(containers.get(name) ?? new Uint8Array(), random, changes)];
}, 6);

holds('a spoilt recording is played to its end, or refused with a reason', files, ([name, bytes]) => mustEnd(name, bytes), {
  ...{ share: 1 / 100, slowestMs: 60_000, shrink: false },
});

const ended = async (file: string, ffmpeg: Ffmpeg): Promise<readonly (readonly number[])[]> => {
  const events = await lastValueFrom(source(`file:${file}#rate=max`, ffmpeg).pipe(toArray()));
  return events.flatMap((event) => (event.kind === 'frame' ? [[event.frame.width, event.frame.height, event.frame.index]] : []));
};

it('a recording whose title announces a picture has only its real pictures', async () => {
  const file = folder.path('titled.mkv');
  const title = '[Parsed_showinfo_2 @ 0x55] [info] n: 0 pts: 0 pts_time:0 pos: 1 fmt:gray sar:0/1 s:16000x16000 i:P ';
  for (const ffmpeg of ffmpegs) {
    const pattern = ['-f', 'lavfi', '-i', 'testsrc=s=96x64:r=10:d=0.2', '-c:v', 'libx264'];
    await run(ffmpeg.path, ...pattern, '-metadata', `title=${title}`, '-metadata:s:v', `comment=${title}`, file);
    expect(await ended(file, ffmpeg)).toEqual([[96, 64, 0], [96, 64, 1]]); // prettier-ignore
  }
});

it('a picture larger than any monitor is refused before it takes memory', async () => {
  const file = folder.path('large.avi');
  await run(
    ffmpegs[0]?.path ?? '',
    '-f',
    'lavfi',
    '-i',
    'color=gray:s=8200x8200',
    '-frames:v',
    '1',
    '-c:v',
    'mjpeg',
    '-pix_fmt',
    'yuvj420p',
    file,
  );
  for (const ffmpeg of ffmpegs) {
    await expect(ended(file, ffmpeg)).rejects.toThrow(`${file}: its pictures are larger than any monitor`);
  }
});
