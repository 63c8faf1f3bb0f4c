import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { path as bundled } from '@ffmpeg-installer/ffmpeg';

const PROGRAM = join(__dirname, '../../dist/phantom/feed/feed.node.js');
const SYNC = 0x47;
const PACKET = 188;

describe('the phantom feed', () => {
  let feed: ChildProcess | undefined;
  afterEach(() => feed?.kill('SIGKILL'));

  const start = async (): Promise<Socket> => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const connected = once(server, 'connection') as Promise<[Socket]>;
    feed = spawn(
      process.execPath,
      [PROGRAM, '--url', `tcp://127.0.0.1:${port}`, '--ffmpeg', process.env['FFMPEG_PATH'] ?? bundled, '--seed', '4'],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    const [socket] = await connected;
    server.close();
    return socket;
  };

  it('pushes an MPEG transport stream to its listener, and ends with it', async () => {
    const socket = await start();
    let received = Buffer.alloc(0);
    while (received.length < 40 * PACKET) received = Buffer.concat([received, ((await once(socket, 'data')) as [Buffer])[0]]);
    for (let packet = 0; packet < 40; packet++) expect(received[packet * PACKET]).toBe(SYNC);
    socket.destroy();
    const [code] = (await once(feed!, 'exit')) as [number];
    expect(code).toBe(0);
  }, 60_000);

  it('leaves no encoder behind when it is stopped', async () => {
    const socket = await start();
    await once(socket, 'data');
    const closed = once(socket, 'close');
    socket.resume();
    feed!.kill('SIGTERM');
    await once(feed!, 'exit');
    await closed;
  }, 60_000);

  it('reports a missing listener in one line', async () => {
    feed = spawn(process.execPath, [PROGRAM, '--url', 'tcp://127.0.0.1:9', '--ffmpeg', bundled], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    feed.stderr!.on('data', (text: Buffer) => (said += text.toString()));
    const [code] = (await once(feed, 'close')) as [number];
    expect(code).toBe(1);
    expect(said.trim().split('\n')).toHaveLength(1);
    expect(said).toContain('refused');
  }, 60_000);
});
