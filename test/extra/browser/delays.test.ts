import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { percentile } from '../../../src/view/state/painted-delays';
import { Screen } from '../../push/screen';
import { Script } from '../../push/scripted';
import { serving, stopServing } from '../../push/serving';
import { chromiumPages, pause, shows, viewFolder } from './chromium-pages';
import { playAcquisitions } from './scripted-run';

const pages = chromiumPages();
const MASKS = 60;
const lines: string[] = [];

afterEach(stopServing);
afterAll(() =>
  console.info([`${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Chromium without a graphics card`, ...lines].join('\n')),
);

interface Painted {
  readonly seq: number;
  readonly paintedAt: number;
}

it('reports when every mask was painted, soon after it was published', async () => {
  const server = await serving({ viewFolder });
  const script = new Script('a');
  const listener = new Screen(server.port, '?topics=mask');
  const page = await pages.open(`http://127.0.0.1:${server.port}/`, {
    beforehand: (opened) =>
      opened.addInitScript(() => {
        const painted: unknown[] = [];
        const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (data) {
          const message = JSON.parse(data as string) as { type: string };
          if (message.type === 'painted') painted.push(message);
          send.call(this, data);
        };
        Object.assign(globalThis, { painted });
      }),
  });
  await page.waitForSelector('body[data-connected=true]');
  server.say(script.state('live'), script.picture());
  await playAcquisitions(server, script, 'r1', 3);
  for (let count = 0; count < MASKS; count += 1) {
    const frame = 3 + count;
    server.say(script.frame('r1', frame), script.stability('r1', frame));
    server.say(script.keyFrame('r1', frame, 'improved'), script.mask('r1', frame, 'improved'));
    await shows(page, 'key', 'mask', `r1/${frame}/own`);
    await pause(30);
  }
  await pause(300);
  const painted = await page.evaluate(() => (globalThis as unknown as { painted: Painted[] }).painted);
  const published = new Map(listener.of('mask').map((mask) => [mask.seq, mask.timing as { capturedAt: number; publishedAt: number }]));
  listener.close();
  const delays = painted.flatMap(({ seq, paintedAt }) => {
    const timing = published.get(seq);
    return timing ? [{ published: timing.publishedAt - timing.capturedAt, painted: paintedAt - timing.capturedAt }] : [];
  });
  const after = (share: number): string => (percentile(delays.map(({ painted: at, published: from }) => at - from), share) ?? NaN).toFixed(0); // prettier-ignore
  const of = (name: 'published' | 'painted', share: number): number => percentile(delays.map((delay) => delay[name]), share) ?? NaN; // prettier-ignore
  lines.push(`${delays.length} masks from the deciding capture: p50, p99 in ms`);
  for (const name of ['published', 'painted'] as const)
    lines.push(`  until ${name.padEnd(9)} ${of(name, 0.5).toFixed(0)}, ${of(name, 0.99).toFixed(0)}`);
  lines.push(`  from published to painted ${after(0.5)}, ${after(0.99)}`);
  expect(delays.length).toBeGreaterThanOrEqual(50);
  expect(new Set(painted.map(({ seq }) => seq)).size).toBe(painted.length);
  for (const delay of delays) expect(delay.painted).toBeGreaterThan(delay.published);
  expect(of('painted', 0.5) - of('published', 0.5)).toBeLessThan(500);
}, 120_000);

it('weighs little and shows the first picture soon', async () => {
  const server = await serving({ viewFolder });
  const script = new Script('a');
  server.say(script.state('live'), script.picture());
  await playAcquisitions(server, script, 'r1', 3);
  const times: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    const page = await pages.open(`http://127.0.0.1:${server.port}/`, {
      beforehand: (opened) =>
        opened.addInitScript(() => {
          const looking = setInterval(() => {
            if (document.getElementById('live')?.dataset.frame !== 'r1/2') return;
            clearInterval(looking);
            Object.assign(globalThis, { firstPicture: performance.now() });
          }, 5);
        }),
    });
    await page.waitForFunction(() => 'firstPicture' in globalThis);
    times.push(await page.evaluate(() => (globalThis as unknown as { firstPicture: number }).firstPicture));
    await page.close();
  }
  const sizes = ['index.html', 'main.js', 'page.css'].map((name) => {
    const file = readFileSync(join(viewFolder, name));
    return [name, file.length, gzipSync(file).length] as const;
  });
  const total = sizes.reduce((sum, [, , zipped]) => sum + zipped, 0);
  lines.push(
    `page: ${sizes.map(([name, raw, zipped]) => `${name} ${raw} B (${zipped} gzipped)`).join(', ')}; ${(total / 1000).toFixed(1)} kB gzipped in all`,
  );
  lines.push(`first picture after ${times.map((time) => time.toFixed(0)).join(', ')} ms`);
  expect(total).toBeLessThan(100_000);
  expect(percentile(times, 0.5)).toBeLessThan(5000);
}, 60_000);
