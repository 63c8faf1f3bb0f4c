import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { connect } from './client';
import { freePort, root, type Served, serve } from './serve';

let served: Served | undefined;
afterEach(async () => {
  await served?.stop('SIGKILL');
  served = undefined;
});

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
/** As it was started; on Linux. */
const commandLine = (pid: number): string => spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
/** The ffmpeg that turns the simulated feed into pictures; it may be about to start. */
async function readerOf(program: Served): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const reader = (await program.children()).find((pid) => / -i tcp:.* rawvideo/.test(commandLine(pid)));
    if (reader !== undefined) return reader;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('no ffmpeg reads the feed');
}
const isFrame = ({ type }: { readonly type: string }): boolean => type === 'frame';

describe('angiocast serve', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends within two seconds of %s and leaves no process behind',
    async (signal) => {
      served = await serve({ sources: ['phantom:#id=suite&seed=3'] });
      await served.client.waitFor('a picture', isFrame, 30_000);
      const stalled = await connect(`${served.url.replace('http', 'ws')}/ws?topics=frame`);
      stalled.socket.pause();
      const children = await served.children();
      expect(children.length).toBeGreaterThan(0);

      const exit = await served.stop(signal);
      stalled.socket.terminate();
      expect(exit).toMatchObject({ code: 0, signal: null });
      expect(exit.milliseconds).toBeLessThan(2_000);
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(children.filter(alive)).toEqual([]);
    },
    60_000,
  );

  it('goes on when its ffmpeg is killed, in the same stream and without turning time back', async () => {
    served = await serve({ sources: ['phantom:#id=suite&seed=4'] });
    const { client } = served;
    await client.waitFor('a picture', isFrame, 30_000);
    const waits: number[] = [];
    for (let round = 0; round < 3; round++) {
      const reader = await readerOf(served);
      const told = client.messages.length;
      const killed = Date.now();
      process.kill(reader, 'SIGKILL');
      await client.waitFor('a loss', ({ type, state }) => type === 'stream' && state === 'lost', 5_000, told);
      const lost = client.messages.findLastIndex(({ type, state }) => type === 'stream' && state === 'lost');
      await client.waitFor(
        'pictures again',
        ({ type, state }) => type === 'stream' && (state === 'live' || state === 'held'),
        20_000,
        lost,
      );
      waits.push(Date.now() - killed);
    }
    process.stdout.write(`ms from a killed ffmpeg to pictures again: ${waits.join(', ')}\n`);
    expect(waits.sort((a, b) => a - b)[1]).toBeLessThan(4_000);
    const times = client.of('frame').map(({ capturedAt }) => Number(capturedAt));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect((await served.get('/healthz')).status).toBe(200);
  }, 120_000);
});

describe('npm start', () => {
  it('ends the server when it is asked to end, and leaves no process', async () => {
    const port = await freePort();
    const args = ['start', '--ignore-scripts', '--', '--port', String(port), '--model', 'test/fixtures/bundles/tiny', '--provider', 'cpu'];
    const npm = spawn('npm', args, { cwd: root, stdio: 'ignore' });
    const answers = (): Promise<boolean> => fetch(`http://127.0.0.1:${port}/healthz`).then(({ ok }) => ok, () => false); // prettier-ignore
    for (let tries = 0; tries < 300 && !(await answers()); tries += 1) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await answers()).toBe(true);
    const ended = new Promise((resolve) => npm.once('exit', resolve));
    npm.kill('SIGTERM');
    await ended;
    for (let tries = 0; tries < 30 && (await answers()); tries += 1) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await answers()).toBe(false);
  }, 60_000);

  it('tells people in lines, the last of which is where to look', async () => {
    const args = ['--model', 'test/fixtures/bundles/tiny', '--provider', 'cpu'];
    served = await serve({ sources: ['phantom:#seed=2'], args, env: { ANGIOCAST_LOG_FORMAT: 'pretty' } });
    for (let tries = 0; tries < 200 && !served.log().includes('open http'); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    const lines = served.log().trim().split('\n');
    for (const line of lines) expect(line).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: [a-z]/);
    expect(lines.at(-1)).toContain(`open ${served.url} in a browser`);
    expect(lines.some((line) => line.endsWith('connected: stream stream-1, width 1280, height 800, codec h264'))).toBe(true);
    expect(served.log()).not.toContain('passed over');
  }, 60_000);
});

describe('the command line', () => {
  const run = (...args: string[]): { readonly status: number | null; readonly text: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/main.node.js', ...args], {
      cwd: root,
      encoding: 'utf8',
      timeout: 30_000,
    });
    return { status, text: stdout + stderr };
  };

  it.each([
    ['an unknown scheme', ['serve', '--source', 'gopher://x/y'], /gopher/],
    ['an unknown option', ['serve', '--source', 'phantom:#speed=1'], /speed/],
    ['a bad value', ['serve', '--source', 'rtsp://user:secret@127.0.0.1/x#transport=pigeon'], /transport.*(tcp|udp)/],
    ['a port that is none', ['serve', '--port', '99999'], /port/],
    ['an unknown provider', ['serve', '--provider', 'abacus'], /provider/],
    ['an unknown command', ['dance'], /dance/],
  ])('refuses %s in one line, with exit code 2 and without passwords', (_, args, expected) => {
    const { status, text } = run(...args);
    expect(text).toMatch(expected);
    expect(text).not.toContain('secret');
    expect(text.trim().split('\n')).toHaveLength(1);
    expect(status).toBe(2);
  });

  it('says which port is taken, with exit code 1 or 2', async () => {
    const blocker = createServer();
    const port = await new Promise<number>((resolve) =>
      blocker.listen(0, '127.0.0.1', () => {
        const address = blocker.address();
        resolve(address !== null && typeof address === 'object' ? address.port : 0);
      }),
    );
    const { status, text } = run('serve', '--port', String(port));
    blocker.close();
    expect(text).toContain(String(port));
    expect([1, 2]).toContain(status);
  }, 40_000);
});
