import { type AddressInfo, createServer, type Socket } from 'node:net';
import { filter, firstValueFrom } from 'rxjs';
import { unsupportedLogin } from '../../src/acquire/connection/explain-login.node';
import type { Ffmpeg } from '../../src/acquire/ffmpeg/binary.node';
import type { SourceEvent } from '../../src/acquire/source';
import { everyFfmpeg, sleep, source } from './ffmpegs';

const md5 = 'WWW-Authenticate: Digest realm="cam", nonce="1"';
const sha = 'WWW-Authenticate: Digest realm="cam", nonce="1", algorithm="SHA-256"';
const basic = 'WWW-Authenticate: Basic realm="cam"';

it.each([
  [[], null],
  [[md5], null],
  [[`${md5}, algorithm=MD5-sess`], null],
  [[basic], null],
  [[sha], /digest by SHA-256, which ffmpeg does not support.*set the server to MD5/],
  [['www-authenticate: digest realm="a", algorithm=SHA-512-256, nonce="2"'], /digest by SHA-512-256/],
  [[basic, sha], /SHA-256/],
  [[sha, md5], null],
  [[md5, sha], /SHA-256/],
  [['WWW-Authenticate: NTLM'], /a login by ntlm, which ffmpeg does not support/],
  [['WWW-Authenticate: NTLM', basic], null],
] as const)('lists what ffmpeg supports of %j', (demands, expected) => {
  const told = unsupportedLogin(['RTSP/1.0 401 Unauthorized', 'CSeq: 1', ...demands, '', ''].join('\r\n'));
  if (expected === null) expect(told).toBeNull();
  else expect(told).toMatch(expected);
});

/** An RTSP server that admits nobody; `logins`: how many requests had credentials. */
async function closedCamera(demand: string): Promise<{ readonly url: string; logins: () => number; close: () => void }> {
  let logins = 0;
  const answer = (socket: Socket, request: string): void => {
    const cseq = /^cseq: *(\d+)/im.exec(request)?.[1] ?? '0';
    if (/^authorization:/im.test(request)) logins += 1;
    const options = request.startsWith('OPTIONS');
    const [status, more] = options ? ['200 OK', 'Public: OPTIONS, DESCRIBE, SETUP, PLAY'] : ['401 Unauthorized', demand];
    socket.write(`RTSP/1.0 ${status}\r\nCSeq: ${cseq}\r\n${more}\r\n\r\n`);
  };
  const server = createServer((socket) => {
    let asked = '';
    socket
      .on('error', () => undefined)
      .on('data', (piece) => {
        const requests = (asked + piece.toString('latin1')).split('\r\n\r\n');
        asked = requests.pop() ?? '';
        for (const request of requests) answer(socket, request);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `rtsp://admin:geheim-7@127.0.0.1:${port}/feed`, logins: () => logins, close: () => void server.close() };
}

let ffmpegs: readonly Ffmpeg[];
beforeAll(async () => {
  ffmpegs = await everyFfmpeg();
});

const lost = (event: SourceEvent) => event.kind === 'lost';

it('tries a wrong password once, and not again within a minute', async () => {
  for (const ffmpeg of ffmpegs) {
    const camera = await closedCamera(md5);
    const events: SourceEvent[] = [];
    const watched = source(camera.url, ffmpeg).subscribe((event) => events.push(event));
    await sleep(6000);
    watched.unsubscribe();
    expect(camera.logins()).toBe(1);
    expect(events.filter(lost)).toMatchObject([{ reason: 'unauthorised', message: expect.stringMatching(/refused$/) as string }]);
    camera.close();
  }
}, 30_000);

it('names what ffmpeg does not support where it looks like a wrong password', async () => {
  for (const ffmpeg of ffmpegs) {
    const camera = await closedCamera(sha);
    const event = await firstValueFrom(source(camera.url, ffmpeg).pipe(filter(lost)));
    expect(event).toMatchObject({
      reason: 'unauthorised',
      message: expect.stringMatching(/digest by SHA-256, which ffmpeg does not support/) as string,
    });
    expect(JSON.stringify(event)).not.toContain('geheim');
    camera.close();
  }
}, 30_000);
