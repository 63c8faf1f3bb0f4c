import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { freePort, root, type Served, serve } from './serve';

let served: Served | undefined;
afterEach(async () => {
  await served?.stop('SIGKILL');
  served = undefined;
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

  it('logs readable lines, the last of which is the address to open', async () => {
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
    ['a port that is no number', ['serve', '--port', 'abc'], /port: expected number, got "abc"/],
    ['a misspelt option', ['serve', '--source', 'rtsp://user:secret@host/x#transprt=udp'], /source option transprt/],
    ['an unknown provider', ['serve', '--provider', 'abacus'], /provider: expected one of auto/],
    ['a missing file', ['serve', '--config', 'missing.yaml'], /config: expected a readable YAML file/],
    ['a missing option', ['select', 'a.mp4'], /required option '--out <DIR>'/],
    ['an unknown command', ['dance'], /dance/],
  ])('refuses %s in one line, with exit code 2 and without passwords', (_, args, expected) => {
    const { status, text } = run(...args);
    expect(text).toMatch(expected);
    expect(text).not.toContain('secret');
    expect(text.trim().split('\n')).toHaveLength(1);
    expect(status).toBe(2);
  });

  it('names the port that is taken, with exit code 1 or 2', async () => {
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
