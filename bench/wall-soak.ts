/**
 * What a wall keeps in memory over hours of runs: `npm run bench:wall-soak -- [MINUTES] [URL]`. Chromium shows `/?wall`
 * of a server with four streams of simulated patients, four acquisitions a second each, a new run every six seconds; or
 * the wall of another server. Every 30 s it collects garbage and counts. Fails when the JavaScript heap grows by more
 * than 1 MB a minute after the first quarter.
 */
import { cpus } from 'node:os';
import { join } from 'node:path';
import { of } from 'rxjs';
import { serving, stopServing } from '../test/push/serving';
import { startChromium } from '../test/support/chromium';
import { simulatedStreams } from '../test/support/simulated-streams';
import { soakWall } from '../test/support/wall-soak';

const minutes = Number(process.argv[2] ?? 15);
const url = process.argv[3];
const STREAMS = 4;
const RATE_HZ = 4;
const MOST_MB_A_MINUTE = 1;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function ownWall(): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const streams = ['a', 'b', 'c', 'd'].slice(0, STREAMS).map((id) => ({ id, name: `Suite ${id.toUpperCase()}` }));
  const server = await serving({ streams: of(streams), viewFolder: join(process.cwd(), 'dist/view') });
  const simulated = simulatedStreams({ count: STREAMS, rateHz: RATE_HZ }, server.say);
  return { url: `http://127.0.0.1:${server.port}/?wall`, stop: () => (simulated.stop(), stopServing()) };
}

async function main(): Promise<void> {
  const wall = url === undefined ? await ownWall() : { url, stop: () => Promise.resolve() };
  const browser = await startChromium();
  try {
    say('minute  heap MB  buffers MB  DOM nodes  listeners  page MB  resident MB');
    const { slopes, errors } = await soakWall(browser, wall.url, {
      minutes,
      samples: Math.max(8, Math.round(minutes * 2)),
      tell: ({ minute, heapMb, buffersMb, nodes, listeners, pageMb, rssMb }) =>
        say(
          `${minute.toFixed(1).padStart(6)}  ${heapMb.toFixed(2).padStart(7)}  ${buffersMb.toFixed(1).padStart(10)}  ${String(nodes).padStart(9)}  ` +
            `${String(listeners).padStart(9)}  ${pageMb.toFixed(0).padStart(7)}  ${rssMb.toFixed(0).padStart(11)}`,
        ),
    });
    for (const [name, { slope, error }] of slopes) say(`${name.padEnd(12)} ${slope.toFixed(3)} ± ${error.toFixed(3)} a minute`);
    say(
      `Chromium ${browser.version()}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}; ${minutes} minutes, one in four warm-up`,
    );
    for (const error of errors) say(`error in the page: ${error}`);
    if (errors.length > 0 || (slopes.get('heap MB')?.slope ?? Infinity) > MOST_MB_A_MINUTE) process.exitCode = 1;
  } finally {
    await browser.close();
    await wall.stop();
  }
}

void main();
