import type { ChildProcess } from 'node:child_process';
import { Subject, takeUntil } from 'rxjs';
import type { Ffmpeg } from '../../src/acquire/ffmpeg/binary.node';
import type { SourceEvent } from '../../src/acquire/source';
import { childrenWith, end, everyFfmpeg, freePort, push, run, scratch, sleep, source } from './ffmpegs';

let ffmpegs: readonly Ffmpeg[];
const folder = scratch();
const pushers: ChildProcess[] = [];
const over = new Subject<void>();

beforeAll(async () => {
  ffmpegs = await everyFfmpeg();
  for (const [rate, seconds] of [
    ['25', '60'],
    ['1/2', '60'],
    ['60', '10'],
  ] as const) {
    await run(
      ffmpegs[0]?.path ?? '',
      ...['-f', 'lavfi', '-i', `testsrc2=s=320x240:r=${rate}`, '-t', seconds, '-c:v', 'libx264', '-preset', 'ultrafast'],
      ...['-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', '5', folder.path(`${rate.replace('/', '-')}.mp4`)],
    );
  }
}, 60_000);

afterEach(async () => {
  over.next();
  await Promise.all(pushers.splice(0).map(end));
});
afterAll(() => folder.remove());

/** Subscribes to a source: its events so far, and a way to wait for more. */
function watch(uri: string, ffmpeg: Ffmpeg) {
  const events: SourceEvent[] = [];
  let failed: unknown = null;
  const subscription = source(uri, ffmpeg)
    .pipe(takeUntil(over))
    .subscribe({ next: (event) => events.push(event), error: (error: unknown) => (failed = error) });
  const until = async (what: (event: SourceEvent) => boolean, from = 0, ms = 15_000): Promise<number> => {
    for (const deadline = performance.now() + ms; performance.now() < deadline; await sleep(10)) {
      const found = events.findIndex((event, i) => i >= from && what(event));
      if (found >= 0) return found;
      if (failed !== null) throw failed as Error;
    }
    throw new Error(
      `not within ${ms} ms; ${events
        .filter((event) => event.kind !== 'frame')
        .map((event) => JSON.stringify(event))
        .join(' ')}`,
    );
  };
  return { events, until, subscription };
}

const kind = (wanted: SourceEvent['kind']) => (event: SourceEvent) => event.kind === wanted;
const frames = (events: readonly SourceEvent[]) => events.flatMap((event) => (event.kind === 'frame' ? [event.frame] : []));
const rises = (values: readonly number[]) => values.every((value, i) => i === 0 || value >= (values[i - 1] ?? 0));

async function listening(ffmpeg: Ffmpeg) {
  const url = `rtsp://127.0.0.1:${await freePort()}/live`;
  const watched = watch(url.replace('rtsp:', 'rtsp-listen:'), ffmpeg);
  /** Pushes once there is a listener. Like a real encoder, it fails without one and is started again. */
  const start = async (video = '25.mp4') => {
    const from = watched.events.length;
    const deadline = performance.now() + 20_000;
    let pusher: ChildProcess | null = null;
    let startedAt = 0;
    while (watched.events.findIndex((event, i) => i >= from && event.kind === 'frame') < 0) {
      if (performance.now() > deadline) throw new Error('the encoder is not heard');
      if (!pusher || pusher.exitCode !== null) {
        startedAt = performance.timeOrigin + performance.now();
        pushers.push((pusher = push(ffmpeg.path, folder.path(video), url)));
      }
      await sleep(20);
    }
    if (!pusher) throw new Error('impossible');
    return { pusher, startedAt };
  };
  return { ...watched, url, start };
}

it('goes on counting and dating frames when ffmpeg is killed, and when it hangs', async () => {
  for (const ffmpeg of ffmpegs) {
    const { events, until, start, url } = await listening(ffmpeg);
    for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
      const from = events.length;
      await start();
      const first = await until(kind('frame'), from);
      await until(kind('frame'), first + 30);
      const [pid] = await childrenWith('-rtsp_flags');
      process.kill(pid ?? 0, signal);
      const lost = await until(kind('lost'), first);
      expect(events[lost]).toMatchObject({ reason: signal === 'SIGKILL' ? 'crashed' : 'stalled' });
      if (signal === 'SIGSTOP') expect(events.slice(first, lost).map((event) => event.kind)).toContain('stalled');
      await until(kind('connecting'), lost);
      await Promise.all(pushers.splice(0).map(end));
    }
    await start();
    await until(kind('frame'), events.length + 20);
    expect(frames(events).map((frame) => frame.index)).toEqual(frames(events).map((_, i) => i));
    expect(rises(frames(events).map((frame) => frame.capturedAt))).toBe(true);
    expect(await childrenWith(url)).toHaveLength(2);
    over.next();
    await Promise.all(pushers.splice(0).map(end));
  }
}, 90_000);

it('listens again within 250 ms when the encoder goes, and has pictures within a second of its return', async () => {
  const [ffmpeg] = ffmpegs;
  if (!ffmpeg) throw new Error('no ffmpeg');
  const { events, until, start } = await listening(ffmpeg);
  const gaps: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const from = events.length;
    const { pusher, startedAt } = await start();
    const first = events[await until(kind('frame'), from)];
    if (first?.kind === 'frame') gaps.push(first.frame.capturedAt - startedAt);
    await sleep(500);
    await end(pusher);
    const lost = await until(kind('lost'), from);
    const again = await until(kind('connecting'), lost);
    const [gone, back] = [events[lost], events[again]];
    if (gone?.kind !== 'lost' || back?.kind !== 'connecting') throw new Error('impossible');
    expect(gone.reason).toBe('ended');
    expect(back.at - gone.at).toBeLessThan(300);
    expect(back.attempt).toBe(1);
  }
  process.stdout.write(`encoder back to first frame: ${gaps.map((gap) => gap.toFixed(0)).join(', ')} ms\n`);
  expect([...gaps].sort((a, b) => a - b)[2]).toBeLessThan(1000);
}, 60_000);

it.each(['1-2.mp4', '60.mp4'])(
  'takes the rate of %s as it is',
  async (video) => {
    const [ffmpeg] = ffmpegs;
    if (!ffmpeg) throw new Error('no ffmpeg');
    const { events, until, start } = await listening(ffmpeg);
    await start(video);
    await until((event) => event.kind === 'frame' && event.frame.index === (video === '60.mp4' ? 300 : 5), 0, 25_000);
    const told = events.map(({ kind }) => kind).filter((kind) => kind !== 'frame' && kind !== 'area');
    expect(told).toEqual(['connecting', 'connected']);
  },
  40_000,
);

it('leaves no process behind on unsubscribing, not even one that hangs', async () => {
  const [ffmpeg] = ffmpegs;
  if (!ffmpeg) throw new Error('no ffmpeg');
  const waiting = await listening(ffmpeg);
  const busy = await listening(ffmpeg);
  const hanging = await listening(ffmpeg);
  await busy.start();
  await hanging.start();
  await busy.until(kind('frame'));
  await hanging.until(kind('frame'));
  const [pid] = (await childrenWith(hanging.url)).filter((child) => !pushers.some((pusher) => pusher.pid === child));
  process.kill(pid ?? 0, 'SIGSTOP');
  for (const watched of [waiting, busy, hanging]) watched.subscription.unsubscribe();
  await Promise.all(pushers.splice(0).map(end));
  await sleep(1000);
  for (const watched of [waiting, busy, hanging]) expect(await childrenWith(watched.url)).toEqual([]);
}, 30_000);

it('paces a recording as it was recorded, ends with it, and starts over on request', async () => {
  const [ffmpeg] = ffmpegs;
  if (!ffmpeg) throw new Error('no ffmpeg');
  await run(ffmpeg.path, '-i', folder.path('25.mp4'), '-t', '1', '-c', 'copy', folder.path('short.mp4'));
  const once = watch(folder.path('short.mp4'), ffmpeg);
  const again = watch(`file:${folder.path('short.mp4')}#repeat=1&rate=max`, ffmpeg);
  await once.until(kind('ended'));
  const times = frames(once.events).map((frame) => frame.capturedAt);
  expect(times).toHaveLength(25);
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(800);
  await again.until((event) => event.kind === 'frame' && event.frame.index === 60);
  expect(again.events.filter(kind('lost'))).toEqual([]);
  expect(rises(frames(again.events).map((frame) => frame.capturedAt))).toBe(true);
}, 30_000);
