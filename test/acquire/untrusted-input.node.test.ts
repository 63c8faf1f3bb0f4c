import { existsSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { filter, firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import type { Ffmpeg } from '../../src/acquire/ffmpeg/binary.node';
import { SourceError } from '../../src/acquire/source';
import { parseSource } from '../../src/acquire/source-uri';
import { SourceUriError } from '../../src/acquire/uri-options';
import { certificateOf, keyOf } from '../support/key-pairs';
import { everyFfmpeg, run, scratch, source } from './ffmpegs';

jest.setTimeout(60_000);

let ffmpegs: readonly Ffmpeg[];
let listener: Server;
let port = 0;
let callers = 0;
const folder = scratch();

beforeAll(async () => {
  ffmpegs = await everyFfmpeg();
  const picture = ['-f', 'lavfi', '-i', 'testsrc=s=64x64:r=5:d=1', '-pix_fmt', 'yuv420p'];
  await run(ffmpegs[0]?.path ?? '', ...picture, '-c:v', 'libx264', '-f', 'mpegts', folder.path('other.ts'));
  await run(ffmpegs[0]?.path ?? '', ...picture, '-c:v', 'libx264', folder.path('other.mp4'));
  listener = createServer((socket) => {
    callers += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  port = (listener.address() as AddressInfo).port;
});
afterAll(() => {
  listener.close();
  folder.remove();
});

/** Lists of other files and addresses, under their own extension and under that of a video. */
const lists: readonly (readonly [string, (other: string, address: string) => string])[] = [
  ['list.m3u8', (other) => `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${other}.ts\n#EXT-X-ENDLIST\n`],
  ['list.mp4', (other) => `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${other}.ts\n#EXT-X-ENDLIST\n`],
  ['away.m3u8', (_, address) => `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://${address}/x.ts\n#EXT-X-ENDLIST\n`],
  ['list.ffconcat', () => 'ffconcat version 1.0\nfile other.mp4\n'],
  ['concat.mp4', () => 'ffconcat version 1.0\nfile other.mp4\n'],
  ['away.ffconcat', (_, address) => `ffconcat version 1.0\nfile tcp://${address}\n`],
  [
    'away.sdp',
    (_, address) =>
      `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video ${address.split(':')[1]} RTP/AVP 96\na=rtpmap:96 H264/90000\n`,
  ],
  [
    'away.mpd',
    (_, address) =>
      `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet><Representation id="1" bandwidth="1"><BaseURL>http://${address}/</BaseURL></Representation></AdaptationSet></Period></MPD>`,
  ],
];

it.each(lists)('reads no other file and no address out of %s', async (name, content) => {
  writeFileSync(folder.path(name), content(folder.path('other'), `127.0.0.1:${port}`));
  for (const ffmpeg of ffmpegs) {
    const error: unknown = await lastValueFrom(source(`file:${folder.path(name)}#rate=max`, ffmpeg).pipe(toArray())).catch(
      (caught: unknown) => caught,
    );
    expect([ffmpeg.origin, error]).toEqual([ffmpeg.origin, expect.any(SourceError)]);
    expect((error as SourceError).code).toBe('no-video');
  }
  expect(callers).toBe(0);
});

it.each([
  ...[
    'http://127.0.0.1/x',
    'https://127.0.0.1/x',
    'ftp://127.0.0.1/x',
    'gopher://127.0.0.1/x',
    'tcp://127.0.0.1:1',
    'udp://127.0.0.1:1',
    'srt://127.0.0.1:1',
  ],
  ...[
    'concat:a|b',
    'pipe:0',
    'data:video/mp4,x',
    'subfile:x',
    'crypto:x',
    'async:file:x',
    'cache:http://x',
    'hls+http://x',
    'lavfi:testsrc',
    'tee:x',
    'fd:0',
  ],
])('takes no source like %s', (uri) => {
  expect(() => parseSource(uri)).toThrow(SourceUriError);
});

it.each(['subfile,,start,0,end,9,,:other.mp4', '-y', '$(touch pwned)', '`touch pwned`', 'a.mp4;touch pwned', '%0Atouch pwned', 'pipe\\:0'])(
  'takes a path like %s for a path, and for nothing else',
  async (path) => {
    for (const ffmpeg of ffmpegs) {
      const uri = `file:${folder.path(path)}`;
      const error: unknown = await lastValueFrom(source(uri, ffmpeg)).catch((caught: unknown) => caught);
      expect([ffmpeg.origin, (error as SourceError).code]).toEqual([ffmpeg.origin, 'not-found']);
    }
    expect([existsSync('pwned'), existsSync(folder.path('pwned'))]).toEqual([false, false]);
  },
);

it('uses TLS with an rtsps server', async () => {
  const asked: string[] = [];
  const server = createTlsServer({ cert: certificateOf('one'), key: keyOf('one') }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (request) => {
      asked.push(request.toString().split(' ')[0] ?? '');
      socket.end('RTSP/1.0 404 Not Found\r\nCSeq: 1\r\n\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  for (const ffmpeg of ffmpegs) {
    const uri = `rtsps://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
    await firstValueFrom(source(uri, ffmpeg).pipe(filter((event) => event.kind === 'lost')));
  }
  server.close();
  expect(asked).toEqual(ffmpegs.map(() => 'OPTIONS'));
});
