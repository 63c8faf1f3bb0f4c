import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { filter, lastValueFrom, map, mergeMap, type Observable, of, take, toArray } from 'rxjs';
import { findFfmpeg } from '../../src/acquire/ffmpeg/binary.node';
import type { SourceEvent } from '../../src/acquire/source';
import { everyFfmpeg, end, freePort, run, scratch, source } from './ffmpegs';

jest.setTimeout(60_000);

const folder = scratch();
afterAll(() => folder.remove());

/** Fifty fields a second, each brighter than the one before, at a place that moves down. */
const rising = "color=black:s=64x64:r=50:d=0.6,format=yuv420p,geq=lum='30+6*N':cb=128:cr=128";
const twoFields = (first: 'top' | 'bottom'): string => `${rising},tinterlace=mode=interleave_${first}`;
const marked = (first: 'top' | 'bottom'): string[] => ['-flags', '+ildct+ilme', '-top', first === 'top' ? '1' : '0'];
const coding = ['-r', '25', '-c:v', 'mpeg2video', '-q:v', '2', '-g', '12', '-bf', '0'];
const PICTURES = 15;

interface Shown {
  /** Difference of the middle rows to those between them. */
  readonly comb: number;
  /** Of the first field. */
  readonly grey: number;
  readonly capturedAt: number;
}

const pictures = (events: Observable<SourceEvent>, first: 'top' | 'bottom' = 'top'): Observable<Shown> =>
  events.pipe(
    mergeMap((event) => (event.kind === 'frame' ? of(event.frame) : of())),
    map(({ pixels, width, capturedAt }) => {
      const at = (row: number): number => pixels[row * width + 32] ?? 0;
      const row = first === 'top' ? 32 : 33;
      return { comb: Math.abs(at(row) - (at(row - 1) + at(row + 1)) / 2), grey: at(row), capturedAt };
    }),
  );

it.each(['top', 'bottom'] as const)(
  'shows each picture of a recording that is marked as two fields, the %s one first, as one moment',
  async (first) => {
    for (const ffmpeg of await everyFfmpeg()) {
      const file = folder.path(`${first}-${ffmpeg.origin}.ts`);
      await run(ffmpeg.path, '-f', 'lavfi', '-i', twoFields(first), ...marked(first), ...coding, file);
      const events = await lastValueFrom(source(`${file}#rate=max`, ffmpeg).pipe(toArray()));
      const shown = await lastValueFrom(pictures(of(...events), first).pipe(toArray()));
      expect(shown).toHaveLength(PICTURES);
      expect(Math.max(...shown.map(({ comb }) => comb))).toBeLessThanOrEqual(3);
      // Each is two fields later, so the first one is shown: none is skipped or repeated.
      const steps = shown.slice(1).map(({ grey }, i) => grey - (shown[i]?.grey ?? 0));
      expect([Math.min(...steps) > 10, Math.max(...steps) < 18]).toEqual([true, true]);
      const times = shown.slice(1).map(({ capturedAt }, i) => Math.round(capturedAt - (shown[i]?.capturedAt ?? 0)));
      expect(new Set(times)).toEqual(new Set([40]));
      expect(events.filter(({ kind }) => kind === 'connecting' || kind === 'lost' || kind === 'dropped')).toHaveLength(1);
      expect(events.filter(({ kind }) => kind === 'connected')).toMatchObject([{ reopenedFor: ['deinterlaced'] }]);
    }
  },
);

it.each(['#rate=max', ''])(
  'deinterlaces a recording from where its pictures are marked, and loses and doubles none (%s)',
  async (options) => {
    for (const ffmpeg of await everyFfmpeg()) {
      const [file, plain] = [folder.path(`later-${ffmpeg.origin}.ts`), folder.path(`before-${ffmpeg.origin}.ts`)];
      const marks = folder.path(`marked-${ffmpeg.origin}.ts`);
      const progressive = "color=black:s=64x64:r=25:d=0.4,format=yuv420p,geq=lum='30+12*N':cb=128:cr=128";
      await run(ffmpeg.path, '-f', 'lavfi', '-i', `${progressive},setfield=prog`, ...coding, plain);
      const later = ['-output_ts_offset', '0.4', ...coding];
      await run(ffmpeg.path, '-f', 'lavfi', '-i', `${twoFields('top')},setfield=tff`, ...marked('top'), ...later, marks);
      await writeFile(file, Buffer.concat([await readFile(plain), await readFile(marks)]));
      const before = 10;
      const events = await lastValueFrom(source(`${file}${options}`, ffmpeg).pipe(toArray()));
      const shown = await lastValueFrom(pictures(of(...events)).pipe(toArray()));
      expect(shown).toHaveLength(before + PICTURES);
      expect(Math.max(...shown.map(({ comb }) => comb))).toBeLessThanOrEqual(3);
      const steps = shown.slice(1).map(({ grey }, i) => Math.round((grey - (shown[i]?.grey ?? 0)) / 14));
      expect(steps.filter((step) => step !== 1)).toEqual([-(before - 1)]);
      const times = (all: readonly Shown[]): number[] => all.map(({ capturedAt }) => Math.round(capturedAt - (all[0]?.capturedAt ?? 0)));
      const left = await lastValueFrom(pictures(source(`${file}#rate=max&deinterlace=none`, ffmpeg)).pipe(toArray()));
      if (options !== '') expect(times(shown)).toEqual(times(left));
      expect(events.filter(({ kind }) => kind === 'connecting' || kind === 'lost' || kind === 'dropped')).toHaveLength(1);
      // A recording read as fast as possible may reach an interlaced picture before the first is shown.
      const reopenedFor = events.flatMap((event) => (event.kind === 'connected' ? [event.reopenedFor ?? []] : []));
      expect([[['deinterlaced']], [[], ['deinterlaced']]]).toContainEqual(reopenedFor);
    }
  },
);

it('leaves pictures as they come that are not marked, or are not to be deinterlaced', async () => {
  for (const ffmpeg of await everyFfmpeg()) {
    const [flagged, plain] = [folder.path(`flagged-${ffmpeg.origin}.ts`), folder.path(`plain-${ffmpeg.origin}.ts`)];
    await run(ffmpeg.path, '-f', 'lavfi', '-i', twoFields('top'), ...marked('top'), ...coding, flagged);
    await run(ffmpeg.path, '-f', 'lavfi', '-i', `${twoFields('top')},setfield=prog`, ...coding, plain);
    for (const uri of [`${flagged}#rate=max&deinterlace=none`, `${plain}#rate=max`]) {
      const events = await lastValueFrom(source(uri, ffmpeg).pipe(toArray()));
      const combs = (await lastValueFrom(pictures(of(...events)).pipe(toArray()))).map(({ comb }) => comb);
      expect([combs.length, Math.min(...combs) > 3]).toEqual([PICTURES, true]);
      expect(events.find(({ kind }) => kind === 'connected')).not.toHaveProperty('reopenedFor');
    }
  }
});

it('reopens a live feed once, at its first picture of two fields, and reports it', async () => {
  const ffmpeg = await findFfmpeg();
  const file = folder.path('live.ts');
  await run(ffmpeg.path, '-f', 'lavfi', '-i', twoFields('top'), ...marked('top'), ...coding, file);
  const url = `rtsp://127.0.0.1:${await freePort()}/live`;
  let pusher: ChildProcess | null = null;
  // The encoder is cut off when the source is reopened, and again at the end.
  const again = setInterval(() => {
    if (pusher && pusher.exitCode === null) return;
    const args = ['-re', '-i', file, '-c', 'copy', '-f', 'rtsp', '-rtsp_transport', 'tcp', url];
    pusher = spawn(ffmpeg.path, ['-v', 'quiet', '-nostdin', ...args], { stdio: 'ignore' });
  }, 100);
  try {
    const events: SourceEvent[] = [];
    const shown = await lastValueFrom(
      source(url.replace('rtsp:', 'rtsp-listen:'), ffmpeg).pipe(
        filter((event) => (events.push(event), true)),
        (all) => pictures(all),
        take(60),
        toArray(),
      ),
    );
    expect(Math.max(...shown.map(({ comb }) => comb))).toBeLessThanOrEqual(3);
    const connected = events.filter((event) => event.kind === 'connected');
    expect(connected.length).toBeGreaterThan(1);
    expect(connected.map(({ reopenedFor = [] }) => reopenedFor)).toEqual([['deinterlaced'], ...connected.slice(1).map(() => [])]);
  } finally {
    clearInterval(again);
    if (pusher) await end(pusher);
  }
});
