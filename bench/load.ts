/**
 * What many clients cost each other: `npm run bench:load -- [SECONDS] [ROUNDS]`. The built program with four streams of
 * 30 pictures a second; in a second process 1000 clients of masks and 200 of pictures. Blocks of SECONDS take turns:
 * all read; 50 are stalled and 50 come and go all the time; all read; … . Delays are those of clients that always read,
 * from published to received, on one machine's clock. Fails when the bad clients make it worse than stated, when a
 * client that reads did not get a mask, when anything was lost without a `loss`, and when the ledger does not balance.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { ffmpegPath } from '../test/e2e/ffmpeg';
import { serve, type Served } from '../test/e2e/serve';
import { books, metricsOf, unbalanced } from '../test/support/ledger';
import { type CrowdReport, loadCrowd, type Order } from '../test/support/load-crowd';
import { recordSmallSuite, SMALL_IMAGE_AREA } from '../test/support/small-suite';

const [seconds, rounds] = [Number(process.argv[2] ?? 45), Number(process.argv[3] ?? 2)];
const CLIENTS = { masks: 1000, frames: 200 };
const BAD = { stalled: 50, restless: 50 };
const STREAMS = 4;
/** The p99 with bad clients may be so many times that without, and the spread of the blocks without on top. */
const MOST_TIMES_P99 = 1.5;

const say = (name: string, text = ''): void => void process.stdout.write(`${name.padEnd(30)}${text}\n`);
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const quantile = (sorted: readonly number[], q: number): number => sorted[Math.floor(q * (sorted.length - 1))] ?? NaN;
const times = (sorted: readonly number[]): string =>
  [0.5, 0.99, 1].map((q) => quantile(sorted, q).toFixed(0).padStart(6)).join(' ') + ` of ${sorted.length}`;

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'angiocast-load-'));
  const sources: string[] = [];
  for (let n = 1; n <= STREAMS; n += 1) {
    const video = path.join(folder, `${n}.mp4`);
    await recordSmallSuite(video, { seed: n, patients: 8, ffmpeg: ffmpegPath });
    sources.push(`file:${video}#repeat=1&imageArea=${SMALL_IMAGE_AREA}`);
  }
  const served = await serve({ sources });
  served.client.close();
  const crowd = fork(__filename, ['crowd'], { env: { ...process.env, UV_THREADPOOL_SIZE: '1' } });
  try {
    process.exitCode = (await load(served, crowd)) ? 0 : 1;
  } finally {
    crowd.kill();
    await served.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Returns whether all was well. */
async function load(served: Served, crowd: ChildProcess): Promise<boolean> {
  const metrics = (): Promise<string> => metricsOf(served);
  const streams = [...books(await metrics()).keys()];
  const { offset, clients } = await ask<{ offset: number; clients: number }>(crowd, {
    kind: 'come',
    url: served.url.replace('http', 'ws'),
    streams,
    ...CLIENTS,
  });
  say('clients', `${clients}, clocks ${Math.abs(offset).toFixed(2)} ms apart`);
  await pause(5000);

  const names = Array.from({ length: 2 * rounds + 1 }, (_, n) => (n % 2 === 0 ? `good ${n / 2 + 1}` : `bad ${(n + 1) / 2}`));
  const server = new Map<string, ServerBlock>();
  for (const name of names) {
    await ask(crowd, { kind: 'block', name, ...(name.startsWith('bad') ? BAD : { stalled: 0, restless: 0 }) });
    const before = await metrics();
    await pause(seconds * 1000);
    const after = await metrics();
    server.set(name, difference(before, after));
  }
  const report = await ask<CrowdReport>(crowd, { kind: 'end' });
  const out = await unbalanced(served, 10_000);
  const last = await metrics();

  const failures: string[] = [];
  say(
    '',
    'mask: p50, p99, max ms            frame: p50, p99, max ms           loop p99 ms  server CPU  clients CPU  RSS MB  came  sent away',
  );
  for (const name of names) {
    const [block, { lagMs, cpu, rssMb }] = [report.blocks[name], server.get(name) ?? difference('', '')];
    if (!block) continue;
    say(
      name,
      `${times(block.mask).padEnd(34)}${times(block.frame).padEnd(34)}${lagMs.toFixed(0).padStart(8)}` +
        `${(cpu / seconds).toFixed(2).padStart(14)}${(block.cpuSeconds / seconds).toFixed(2).padStart(12)}${rssMb.toFixed(0).padStart(9)}` +
        `${String(block.welcomed).padStart(7)}${String(block.cutOff).padStart(7)}`,
    );
    for (const [what, count] of server.get(name)?.counted ?? []) say('', `${what} ${count}`);
  }
  for (const topic of ['mask', 'frame'] as const) {
    const of = (kind: string): readonly (readonly number[])[] =>
      names.filter((name) => name.startsWith(kind)).map((name) => report.blocks[name]?.[topic] ?? []);
    const p99 = (some: readonly (readonly number[])[]): number =>
      quantile(
        some.flat().sort((a, b) => a - b),
        0.99,
      );
    const each = of('good').map((delays) => quantile(delays, 0.99));
    const spread = Math.max(...each) - Math.min(...each);
    const [good, bad] = [p99(of('good')), p99(of('bad'))];
    say(
      `${topic} p99, bad : good`,
      `${(bad / good).toFixed(2)} (${bad.toFixed(0)} : ${good.toFixed(0)} ms; good blocks differ by ${spread.toFixed(0)} ms)`,
    );
    if (!(bad <= MOST_TIMES_P99 * good + spread))
      failures.push(`${topic}: p99 ${bad.toFixed(0)} ms with bad clients, ${good.toFixed(0)} ms without`);
    const { published, got, reported, never } = report.due[topic];
    say(`${topic}s for clients that read`, `${published} due, ${got} came, ${reported} reported as lost, ${never} never heard of`);
    if (never > 0 || published === 0 || (topic === 'mask' && got !== published)) failures.push(`${topic}: ${published - got} did not come`);
  }
  const counted = [...last.matchAll(/^angiocast_masks_total\{.*\} (\d+)$/gm)].reduce((all, [, count]) => all + Number(count), 0);
  say(
    'masks',
    `${counted} counted by the server, ${report.masksPublished} heard by the client that hears everything, which is owed ${report.owed} messages`,
  );
  say('ledger', [...books(last)].map(([stream, { captured, fates }]) => `${stream} ${captured} captured, ${fates} fates`).join('; '));
  say('machine', `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}; blocks of ${seconds} s`);
  for (const [stream, by] of out) failures.push(`${by} frames of ${stream} have no fate`);
  if (report.owed !== 0) failures.push(`${report.owed} messages came neither as such nor as lost`);
  if (report.goodCutOff > 0) failures.push(`clients that read were sent away ${report.goodCutOff} times`);
  for (const failure of failures) say(`FAILED ${failure}`);
  return failures.length === 0;
}

interface ServerBlock {
  readonly lagMs: number;
  readonly cpu: number;
  readonly rssMb: number;
  readonly counted: ReadonlyMap<string, number>;
}

/** What the server counted from one scrape to the next. */
function difference(before: string, after: string): ServerBlock {
  const value = (metrics: string, name: string): number => Number(new RegExp(`^${name} ([0-9.e+-]+)$`, 'm').exec(metrics)?.[1] ?? 0);
  const counts = (metrics: string): Map<string, number> =>
    new Map(
      [...metrics.matchAll(/^angiocast_(client(?:_messages_dropped|s_refused)_total\{.*\}) (\d+)$/gm)].map(([, name = '', count]) => [
        name,
        Number(count),
      ]),
    );
  const earlier = counts(before);
  const counted = [...counts(after)]
    .map(([name, count]) => [name, count - (earlier.get(name) ?? 0)] as const)
    .filter(([, count]) => count > 0);
  return {
    lagMs: value(after, 'angiocast_event_loop_lag_seconds') * 1000,
    cpu: value(after, 'process_cpu_seconds_total') - value(before, 'process_cpu_seconds_total'),
    rssMb: value(after, 'process_resident_memory_bytes') / 2 ** 20,
    counted: new Map(counted),
  };
}

function ask<T>(crowd: ChildProcess, order: Order): Promise<T> {
  return new Promise((resolve, reject) => {
    crowd.once('exit', (code) => reject(new Error(`the clients ended with ${code}`)));
    crowd.once('message', (answer) => resolve(answer as T));
    crowd.send(order);
  });
}

if (process.argv[2] === 'crowd') loadCrowd();
else
  void main().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
