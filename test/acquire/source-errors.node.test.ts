import { chmodSync, writeFileSync } from 'node:fs';
import { filter, firstValueFrom, lastValueFrom, timeout } from 'rxjs';
import { type Ffmpeg, findFfmpeg } from '../../src/acquire/ffmpeg/binary.node';
import { SourceError } from '../../src/acquire/source';
import { rtspServer, stopRtspServers } from '../support/rtsp-answer';
import { everyFfmpeg, freePort, run, scratch, source } from './ffmpegs';

jest.setTimeout(60_000);

let ffmpegs: readonly Ffmpeg[];
const folder = scratch();

beforeAll(async () => {
  ffmpegs = await everyFfmpeg();
  writeFileSync(folder.path('text.mp4'), 'This is no video.');
  writeFileSync(folder.path('empty.mp4'), '');
  await run(ffmpegs[0]?.path ?? '', '-f', 'lavfi', '-i', 'sine', '-t', '1', folder.path('sound.mp4'));
});
afterAll(() => {
  stopRtspServers();
  folder.remove();
});

const lost = (uri: string, ffmpeg: Ffmpeg) =>
  firstValueFrom(
    source(uri, ffmpeg).pipe(
      filter((event) => event.kind === 'lost'),
      timeout(8000),
    ),
  );

it.each([
  ['401 Unauthorized', 'unauthorised', 'user name or password refused'],
  ['404 Not Found', 'not-found', 'the server knows no such stream'],
  ['503 Service Unavailable', 'refused', 'the server reports an error'],
])('reports a server that answers %s, and tries again', async (answer, reason, message) => {
  const port = await rtspServer(answer);
  for (const ffmpeg of ffmpegs) {
    const event = await lost(`rtsp://doctor:S3cret@127.0.0.1:${port}/live`, ffmpeg);
    expect(event).toMatchObject({ reason, message: `rtsp://***@127.0.0.1:${port}/live: ${message}` });
  }
});

it('reports a refused connection, an unknown host and a port in use', async () => {
  const port = await freePort();
  const taken = await rtspServer('200 OK');
  for (const ffmpeg of ffmpegs) {
    expect(await lost(`rtsp://localhost:${port}/live`, ffmpeg)).toMatchObject({
      reason: 'refused',
      message: `rtsp://localhost:${port}/live: connection refused`,
    });
    expect(await lost('rtsp://nowhere.invalid/live', ffmpeg)).toMatchObject({
      reason: 'not-found',
      message: 'rtsp://nowhere.invalid/live: no such host',
    });
    expect(await lost(`rtsp-listen://127.0.0.1:${taken}/live`, ffmpeg)).toMatchObject({
      reason: 'refused',
      message: expect.stringMatching(/^rtsp-listen:.*the port is already in use/) as string,
    });
  }
}, 30_000);

it('reports that ffmpeg itself is gone', async () => {
  for (const ffmpeg of ffmpegs) {
    const event = await lost('rtsp://127.0.0.1:1/live', { ...ffmpeg, path: folder.path('removed') });
    expect(event).toMatchObject({ reason: 'crashed', message: expect.stringContaining('/live: ffmpeg did not start: ') as string });
  }
});

it('goes on trying to find a capture device', async () => {
  for (const ffmpeg of ffmpegs.filter(({ devices }) => devices.includes('v4l2'))) {
    expect(await lost('v4l2:/dev/video97', ffmpeg)).toMatchObject({
      reason: 'not-found',
      message: 'v4l2:/dev/video97: no such file or device',
    });
    expect(await lost('v4l2:/dev/null', ffmpeg)).toMatchObject({ reason: 'no-video', message: 'v4l2:/dev/null: not a capture device' });
  }
  for (const ffmpeg of ffmpegs.filter(({ devices }) => !devices.includes('decklink'))) {
    expect(await lost('decklink:x', ffmpeg)).toMatchObject({ message: 'decklink:x: this ffmpeg was built without that kind of input' });
  }
});

it.each([
  ['nothing.mp4', 'not-found', 'no such file or device'],
  ['text.mp4', 'no-video', 'not a readable video'],
  ['empty.mp4', 'no-video', 'not a readable video'],
  ['sound.mp4', 'no-video', 'it contains no video'],
  ['.', 'no-video', 'a folder, not a recording'],
])('gives up %s, in one line', async (file, code, message) => {
  for (const ffmpeg of ffmpegs) {
    const error: unknown = await lastValueFrom(source(folder.path(file), ffmpeg)).catch((reason: unknown) => reason);
    if (!(error instanceof SourceError)) throw new Error('expected a SourceError');
    expect([error.code, error.message]).toEqual([code, `${folder.path(file)}: ${message}`]);
  }
});

describe('finding ffmpeg', () => {
  it('insists on FFMPEG_PATH', async () => {
    writeFileSync(folder.path('broken'), '#!/bin/sh\nexit 3\n');
    chmodSync(folder.path('broken'), 0o755);
    await expect(findFfmpeg({ FFMPEG_PATH: folder.path('broken') })).rejects.toThrow(
      /^FFMPEG_PATH: expected a working ffmpeg, got ".*broken" \(.*\)$/,
    );
    await expect(findFfmpeg({ FFMPEG_PATH: folder.path('none') })).rejects.toThrow(/^FFMPEG_PATH: expected a working ffmpeg/);
  });

  it('takes the one FFMPEG_PATH names, else one on the search path, else the bundled one', async () => {
    const bundled = ffmpegs[0]?.path ?? '';
    expect(await findFfmpeg({ FFMPEG_PATH: bundled })).toMatchObject({
      path: bundled,
      origin: 'FFMPEG_PATH',
      rtspTimeout: 'stimeout',
      autoscale: false,
    });
    expect(ffmpegs[0]).toMatchObject({ origin: 'bundled' });
  });
});
