import { type ChildProcess, spawn } from 'node:child_process';
import { chromium, type Browser } from 'playwright-core';
import { parseSource } from '../../../src/acquire/source-uri';
import { calibrate } from '../../../src/cli/calibrate.node';
import { freePort, root } from '../../e2e/serve';
import { chromiumPath } from '../../support/chromium';
import { needs } from '../needs';
import { lateLink } from './late-link';
import { type Screen, screenNeeds, startScreen } from './screen';

needs(...screenNeeds, { check: `test -x ${chromiumPath}`, install: 'chromium' });

/** Small: an encoder, a decoder and a browser share the machine. */
const SIZE = { width: 640, height: 400 };
let screen: Screen;
let browser: Browser;
const ends: (() => unknown)[] = [];
beforeAll(async () => {
  screen = await startScreen(SIZE.width, SIZE.height);
  browser = await chromium.launch({
    executablePath: chromiumPath,
    headless: false,
    env: { ...process.env, DISPLAY: screen.display },
    args: ['--no-sandbox', '--disable-gpu', '--window-position=0,0', `--window-size=${SIZE.width},${SIZE.height}`],
  });
}, 60_000);
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(async () => {
  await browser?.close();
  await screen?.close();
});

const grabbed = (): string => `x11grab:${screen.display}#size=${SIZE.width}x${SIZE.height}&rate=30`;

/** `angiocast probe URI --calibrate`, with an engineer who opens the page and starts it. */
async function calibrated(uri: string): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const program = spawn(process.execPath, ['dist/main.node.js', 'probe', uri, '--calibrate'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  ends.push(() => program.kill('SIGKILL'));
  let [out, err] = ['', ''];
  const ended = new Promise<number | null>((resolve) => program.once('close', resolve));
  program.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  const address = new Promise<string>((resolve) => {
    program.stderr.on('data', (bytes: Buffer) => {
      err += bytes.toString();
      const [url] = /http:\S+/.exec(err) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
  const url = await Promise.race([address, ended.then(() => undefined)]);
  if (url !== undefined) {
    const page = await browser.newPage({ viewport: null });
    ends.push(() => page.close());
    await page.goto(url);
    await page.click('#start');
  }
  return { code: await ended, out, err };
}

/** Pushes the screen to a port of the loopback, once there is a listener. */
function encoder(port: number): void {
  const grab = [
    '-f',
    'x11grab',
    '-draw_mouse',
    '0',
    '-framerate',
    '30',
    '-video_size',
    `${SIZE.width}x${SIZE.height}`,
    '-i',
    screen.display,
  ];
  const encode = ['-c:v', 'libx264', '-threads', '1', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', '30'];
  const push = ['-f', 'rtsp', '-rtsp_transport', 'tcp', `rtsp://127.0.0.1:${port}/suite`];
  let child: ChildProcess | undefined;
  let over = false;
  const start = (): void => {
    if (over) return;
    child = spawn('ffmpeg', ['-v', 'error', '-nostdin', ...grab, ...encode, ...push], { stdio: 'ignore' });
    child.once('close', () => setTimeout(start, 300));
  };
  start();
  ends.push(() => {
    over = true;
    child?.kill('SIGKILL');
  });
}

/** The screen by way of an encoder and a network that takes so long. */
async function relayed(delayMs: number): Promise<string> {
  const port = await freePort();
  const link = await lateLink(port, delayMs);
  ends.push(() => link.close());
  encoder(link.port);
  return `rtsp-listen://127.0.0.1:${port}/suite`;
}

const measured = (out: string): number => Number(/^captureLatencyMs=(\d+)$/m.exec(out)?.[1] ?? NaN);

it('measures how long a grabbed screen takes from the glass', async () => {
  const { code, out, err } = await calibrated(grabbed());
  console.info('x11grab\n', out);
  expect({ code, out, err }).toMatchObject({ code: 0, err: expect.stringMatching(/^pictures arrive; open http:.*\nit flashes; .*\n$/) });
  expect(out).toMatch(
    /^source +x11grab::\d+\nflashes +\d+ painted, \d+ of them seen\nfrom the glass +\d+ ms; half of the flashes took \d+ ms to \d+ ms\na picture every +\d+ ms\n/,
  );
  // Half a picture interval, less the frame that the page counts too many, and what a busy machine takes.
  expect(measured(out)).toBeGreaterThanOrEqual(0);
  expect(measured(out)).toBeLessThan(200);
}, 120_000);

it('finds a feed later by as much as its network is', async () => {
  const near = await calibrated(await relayed(0));
  for (const end of ends.splice(0).reverse()) await end();
  const far = await calibrated(await relayed(300));
  console.info('relayed\n', near.out, far.out);
  expect([near, far].map(({ err }) => err.includes('angiocast:') && err)).toEqual([false, false]);
  expect(Math.abs(measured(far.out) - measured(near.out) - 300)).toBeLessThan(100);
}, 240_000);

describe('reports in a line what is missing', () => {
  const brief = { waitMs: 15_000, pageMs: 2000, flashingMs: 15_000 };
  const unmeasured = async (act: (url: string) => unknown): Promise<string> => {
    const onProgress = (line: string): void => {
      const [url] = /http:\S+/.exec(line) ?? [];
      if (url !== undefined) act(url);
    };
    return calibrate(parseSource(grabbed()), { host: '127.0.0.1', port: 0 }, onProgress, brief).then(
      ({ latencyMs }) => `measured ${latencyMs}`,
      (error: Error) => error.message,
    );
  };

  it('where nobody opens the page', async () => {
    expect(await unmeasured(() => undefined)).toMatch(/^nobody opened the page on port \d+ within 2 s$/);
  }, 60_000);

  it('where the page is not started', async () => {
    expect(await unmeasured((url) => fetch(url))).toBe('the page was opened, but not started within 2 s');
  }, 60_000);

  it('where the page flashes another monitor', async () => {
    let bright = false;
    const elsewhere = (url: string): void => {
      const flash = (): void => {
        bright = !bright;
        const body = JSON.stringify({ flashes: [{ at: performance.timeOrigin + performance.now(), bright }] });
        void fetch(`${url}flashes`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).catch(() => undefined);
      };
      // The first ones come before the counting starts.
      const timer = setInterval(flash, 500);
      ends.push(() => clearInterval(timer));
    };
    expect(await unmeasured(elsewhere)).toMatch(/^nothing in the pictures flashes: /);
  }, 60_000);
});
