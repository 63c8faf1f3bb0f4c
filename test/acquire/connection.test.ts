import { from, lastValueFrom, toArray } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { connection } from '../../src/acquire/connection/connection';
import { readLogLine } from '../../src/acquire/ffmpeg/log-line';
import type { ProcessEvent } from '../../src/acquire/ffmpeg/process-event';

const line = (text: string): ProcessEvent => ({ kind: 'line', line: text });
const picture = (size: string, n = 0, key = true) =>
  line(
    `[Parsed_showinfo_2 @ 0x55] [info] n:${String(n).padStart(4)} pts:  69000 pts_time:0.75 pos:       -1 fmt:yuvj420p sar:0/1 s:${size} i:P iskey:${key ? '1 type:I' : '0 type:P'} `,
  );
const bytes = (count: number, at = 5): ProcessEvent => ({ kind: 'bytes', bytes: new Uint8Array(count), at });
const video = line('[info]   Stream #0:0: Video: h264 (High), yuv420p(tv, bt709, progressive), 2x2, 30 fps, 30 tbr, 90k tbn');
const exit = (how: Partial<Extract<ProcessEvent, { kind: 'exit' }>> = {}): ProcessEvent => ({
  ...{ kind: 'exit', code: 0, signal: null, failedToStart: null, killed: false },
  ...how,
});

const connected = { kind: 'connected', width: 2, height: 2, codec: 'h264' };
const image = {
  kind: 'image',
  image: { width: 2, height: 2, pixels: new Uint8Array(4), seconds: 0.75, damaged: false, at: 5, behindMs: 0 },
};

it.each([
  ['n:   0 pts:      0 pts_time:0       pos:       48 fmt:yuv420p sar:2/1 s:640x800 i:P iskey:1 type:I', 2],
  ['n:   0 pts:      0 pts_time:0       duration:1 duration_time:0.04 fmt:yuv420p cl:left sar:16/15 s:720x576 i:T iskey:1 type:I', 16 / 15],
  ['n:   0 pts:      0 pts_time:0       pos:       48 fmt:yuv420p sar:4/3 s:1440x1080 i:P iskey:1 type:I', 4 / 3],
  ['n:   0 pts:      0 pts_time:0       pos:       48 fmt:yuv420p sar:0/1 s:640x800 i:P iskey:1 type:I', 1],
  ['n:   0 pts:      0 pts_time:0       pos:       48 fmt:yuv420p sar:1/0 s:640x800 i:P iskey:1 type:I', 1],
  ['n:   0 pts:      0 pts_time:0       pos:       48 fmt:yuv420p sar:4096/1 s:640x800 i:P iskey:1 type:I', 1],
])('reads the pixel aspect ratio: %s', (told, pixelAspect) => {
  expect(readLogLine(`[Parsed_showinfo_0 @ 0x446abfc0] [info] ${told} checksum:0`)).toMatchObject({ kind: 'picture', pixelAspect });
});

it('reports the open source, each size before its first image, and the images', () => {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ cold, expectObservable, expectSubscriptions }) => {
    const events = cold<ProcessEvent>('-v-p-b----p-b-c-d----x|', {
      ...{ v: video, p: picture('2x2'), b: bytes(4), c: picture('1x2'), d: bytes(2), x: exit() },
    });
    const small = { kind: 'image', image: { ...image.image, width: 1, pixels: new Uint8Array(2) } };
    expectObservable(events.pipe(connection())).toBe('-o---(ci)---i---(ds)--|', {
      ...{ o: { kind: 'opened', announcedRateHz: 30 }, c: connected, i: image, d: { ...connected, width: 1 }, s: small },
    });
    expectSubscriptions(events.subscriptions).toBe('^---------------------!');
  });
});

const failureOf = (...events: ProcessEvent[]): Promise<unknown> =>
  lastValueFrom(from(events).pipe(connection(), toArray())).catch((error: unknown) => error);

it.each<readonly [string, readonly ProcessEvent[], object]>([
  [
    'it was killed',
    [video, picture('2x2'), bytes(4), exit({ code: null, signal: 'SIGKILL' })],
    { code: 'crashed', message: 'ffmpeg was terminated by SIGKILL' },
  ],
  ['we gave it up', [exit({ code: null, signal: 'SIGKILL', killed: true })], { code: 'stalled', message: 'no picture came' }],
  [
    'it never started',
    [exit({ code: null, failedToStart: 'spawn ENOENT' })],
    { code: 'crashed', message: 'ffmpeg did not start: spawn ENOENT' },
  ],
  ['it said why', [line('[error] x: Connection refused'), exit({ code: 1 })], { code: 'refused', message: 'connection refused' }],
  [
    'it said something else',
    [line('[tcp @ 0x1] [error] Odd: rtsp://u:pw@h/x'), exit({ code: 1 })],
    { code: 'crashed', message: 'ffmpeg ended with code 1: Odd: rtsp://***@h/x' },
  ],
  [
    'it said something long',
    [line(`[error] ${'x'.repeat(185)}rtsp://user:password@h/x`), exit({ code: 1 })],
    { code: 'crashed', message: `ffmpeg ended with code 1: ${'x'.repeat(185)}rtsp://***@h/x`.slice(0, 26 + 200) },
  ],
  ['it ended without a picture', [video, exit()], { code: 'no-video', message: 'not a single picture came' }],
])('fails with the reason when %s', async (_, events, error) => {
  expect(await failureOf(...events)).toMatchObject(error);
});

it('does not blame a picture stream for what went wrong before it flowed', async () => {
  const events = [line('[error] x: Connection refused'), video, picture('2x2'), bytes(4), exit({ code: 1 })];
  expect(await failureOf(...events)).toMatchObject({ code: 'crashed', message: 'ffmpeg ended with code 1' });
});

it('counts images that were cut off', async () => {
  const events = await lastValueFrom(
    from([video, picture('2x2'), bytes(4), picture('2x2'), bytes(3), exit()]).pipe(connection(), toArray()),
  );
  expect(events.at(-1)).toEqual({ kind: 'incomplete', count: 1 });
});

it('marks images as damaged from the first spoilt one to the next key picture', async () => {
  const spoilt = line('[h264 @ 0x1] [error] error while decoding MB 4 2, bytestream 77');
  const one = (key: boolean) => [picture('2x2', 0, key), bytes(4)];
  const log = [video, spoilt, ...one(true), ...one(false), spoilt, ...one(false), ...one(false), ...one(true), exit()];
  const events = await lastValueFrom(from(log).pipe(connection(), toArray()));
  expect(events.map((event) => event.kind)).toEqual([...['opened', 'connected', 'image', 'image', 'damaged', 'damaged', 'image']]);
});

it('announces before each image that it is marked as two fields', async () => {
  const fields = line(
    '[Parsed_showinfo_0 @ 0x1] [info] n:   0 pts:  0 pts_time:0 pos: 1 fmt:yuv420p sar:0/1 s:2x2 i:T iskey:1 type:I checksum:0',
  );
  const log = [video, fields, bytes(4), fields, bytes(4), picture('2x2'), bytes(4), exit()];
  const events = await lastValueFrom(from(log).pipe(connection(), toArray()));
  expect(events.filter(({ kind }) => kind === 'interlaced' || kind === 'image')).toMatchObject([
    ...[{ kind: 'interlaced' }, { kind: 'image' }, { kind: 'interlaced' }, { kind: 'image' }, { kind: 'image' }],
  ]);
});

it('does not take a filter that cannot go on for a login that is refused', async () => {
  const filter = line('[error] Error while filtering: Operation not permitted');
  expect(await failureOf(video, picture('2x2'), bytes(4), filter, exit({ code: 1 }))).toMatchObject({ code: 'crashed' });
});

it.each([
  '[warning] rtsp://127.0.0.1:1/live: corrupt decoded frame in stream 0',
  '[rtsp @ 0x1] [warning] RTP: missed 3 packets',
  '[h264 @ 0x1] [error] error while decoding MB 4 2, bytestream 1018',
  '[h264 @ 0x1] [info] concealing 226 DC, 226 AC, 226 MV errors in P frame',
  '[h264 @ 0x1] [error] decode_slice_header error',
  '[hevc @ 0x1] [error] Could not find ref with POC 12',
])('takes for damage: %s', (text) => {
  expect(readLogLine(text)).toEqual({ kind: 'damage' });
});

it.each([
  ['[rtsp @ 0x1] [error] method DESCRIBE failed: 401 Unauthorized', 'unauthorised'],
  ['[error] rtsp://x: Server returned 404 Not Found', 'not-found'],
  ['[video4linux2,v4l2 @ 0x1] [error] Cannot open video device /dev/video0: Permission denied', 'unauthorised'],
  ['[video4linux2,v4l2 @ 0x1] [error] ioctl(VIDIOC_STREAMON): Device or resource busy', 'refused'],
  ["[video4linux2,v4l2 @ 0x1] [error] Cannot find a proper format for codec 'none' (id 0), pixel format 'none' (id -1)", 'no-video'],
  ["[fatal] Stream map '0:v:0' matches no streams.", 'no-video'],
])('understands: %s', (text, reason) => {
  expect(readLogLine(text)).toMatchObject({ kind: 'failure', reason });
});

it.each(['[h264 @ 0x1] [warning] Connection refused', '[info] Press [q] to stop', '', '[info] frame=  744 fps= 30 q=-0.0 size=N/A'])(
  'makes nothing of: %s',
  (text) => {
    expect(readLogLine(text)).toBeNull();
  },
);

it('takes pictures, rates and reasons from ffmpeg, not from the names a source gives itself', () => {
  const said = (text: string) => readLogLine(`[info]     title           : ${text}`);
  expect(said('n: 0 pts: 0 pts_time:0 x s:60000x60000 ')).toBeNull();
  expect(said('[Parsed_showinfo_2 @ 0x55] [info] n: 0 pts: 0 pts_time:0 x s:60000x60000 ')).toBeNull();
  expect(said('Stream #0:0: Video: h264, 30 fps')).toBeNull();
  expect(readLogLine('[info]   Stream #0:0(eng): Video: h264, yuv420p, 2x2, 2.9.7 fps')).toMatchObject({ announcedRateHz: null });
  expect(readLogLine('[error] Error while decoding stream #0:0: Operation not permitted')).toBeNull();
  expect(readLogLine('[mjpeg @ 0x1] [error] Picture size 9000x9000 exceeds specified max pixel count 67108864')).toMatchObject({
    reason: 'no-video',
  });
});
