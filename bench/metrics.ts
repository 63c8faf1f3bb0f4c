/**
 * What the metrics cost: `npm run bench:metrics -- [SECONDS] [ROUNDS]`. Two servers in processes of their own show the same simulated suite at the same
 * time, at 60 captured frames a second and with one screen each that hears everything; one keeps metrics and is scraped every five seconds, the other one
 * keeps none. ffmpeg and inference are left out, so that the share of the whole program is smaller than the share told here. Loopback only.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpus } from 'node:os';
import { lastValueFrom, Observable, of, tap, toArray } from 'rxjs';
import WebSocket from 'ws';
import type { SourceEvent } from '../src/acquire/source';
import { ANALYSIS_SIZE, type Frame } from '../src/frame';
import type { Segmenter } from '../src/infer/segmenter';
import { captured } from '../src/measure/captured';
import type { MetricsPort } from '../src/measure/metrics-port';
import { prometheus } from '../src/measure/prometheus.node';
import { pipeline } from '../src/pipeline';
import { servePush } from '../src/push/serve-push.node';
import { lent } from '../test/infer/lent';
import { model } from '../test/push/scripted';
import { shownRun } from './phantom-feed';

const CAPTURE_HZ = 60;
const BLOCK_MS = 5000;
const WARM_UP_BLOCKS = 2;
const now = (): number => performance.timeOrigin + performance.now();
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const nobodyCounts: MetricsPort = {
  ...{
    record: () => undefined,
    begin: () => undefined,
    replace: () => undefined,
    forget: () => undefined,
    onScrape: () => undefined,
    close: () => undefined,
  },
  ...{ text: () => Promise.resolve(''), contentType: 'text/plain' },
};

/** Finds a tumour at once, always the same. */
function instantSegmenter(): Segmenter {
  const [width, height] = [ANALYSIS_SIZE, ANALYSIS_SIZE];
  const plane = new Float32Array(width * height);
  const tumour = plane.map((_, i) => (Math.hypot((i % width) - 128, Math.floor(i / width) - 100) < 20 ? 1 : 0));
  const liver = plane.map((_, i) => (i % width > 60 && i % width < 200 ? 1 : 0));
  return {
    ...{ model, provider: 'cpu', offsets: [-9, -8, -7, -6, -5, -4, -3, -2, -1, 0], thresholds: { tumour: 0.5, liver: 0.5 } },
    segment: () => of({ width, height, tumour, liver, difference: plane, startedAt: now(), endedAt: now() }),
  };
}

/** Two runs as a display shows them, over and over, at 60 frames a second of real time. */
async function feed(): Promise<Observable<SourceEvent>> {
  const frames: Frame[] = [];
  for (const seed of [1, 2]) {
    const events = await lastValueFrom(shownRun(seed, 0, 0).events.pipe(toArray()));
    for (const event of events) if (event.kind === 'frame') frames.push(event.frame, event.frame);
  }
  return new Observable((subscriber) => {
    const begun = now();
    let index = 0;
    subscriber.next({ kind: 'connected', at: begun, width: ANALYSIS_SIZE, height: ANALYSIS_SIZE, codec: 'none' });
    const clock = setInterval(() => {
      for (; index < ((now() - begun) * CAPTURE_HZ) / 1000; index++) {
        const shown = frames[index % frames.length] as Frame;
        subscriber.next({ kind: 'frame', frame: { ...shown, stream: 'a', index, capturedAt: now() } });
      }
    }, 1000 / CAPTURE_HZ);
    return () => clearInterval(clock);
  });
}

interface Block {
  readonly cpuMs: number;
  readonly frames: number;
}

/** The server under measurement: tells its port, then the CPU time of each block. */
async function work(measured: boolean): Promise<void> {
  const metrics = measured ? prometheus() : nobodyCounts;
  let frames = 0;
  const source = (await feed()).pipe(
    tap((event) => {
      frames++;
      const count = captured('a', event);
      if (count) metrics.record(count);
    }),
  );
  const segmenter = instantSegmenter();
  const events = pipeline(of([{ id: 'a', source, pixelSpacingMm: null }]), {
    ...{ borrow: lent(segmenter), clock: { now }, runName: (stream: string, count: number) => `${stream}-${count}` },
  });
  const push = await servePush({
    ...{ events, streams: of([{ id: 'a', name: 'A' }]), model: of({ ready: true, model, provider: 'cpu' } as const) },
    ...{ clock: { now }, metrics, host: '127.0.0.1', port: 0, version: 'bench', newTraceId: () => randomBytes(16).toString('hex') },
  });
  process.send?.({ port: push.port });
  let [before, framesBefore] = [process.cpuUsage(), frames];
  setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    process.send?.({ cpuMs: (user + system) / 1000, frames: frames - framesBefore });
    [before, framesBefore] = [process.cpuUsage(), frames];
  }, BLOCK_MS);
}

/** Starts a server, listens to it as a screen does and scrapes it; gives its blocks as they come. */
async function watched(
  measured: boolean,
): Promise<{ readonly blocks: readonly Block[]; readonly scrapes: readonly number[]; close(): void }> {
  const child: ChildProcess = fork(process.argv[1] ?? '', [measured ? 'on' : 'off']);
  const blocks: Block[] = [];
  const scrapes: number[] = [];
  const port = await new Promise<number>((resolve) =>
    child.on('message', (message: { readonly port?: number } & Block) => {
      if (message.port === undefined) blocks.push(message);
      else resolve(message.port);
    }),
  );
  const screen = new WebSocket(`ws://127.0.0.1:${port}/ws?topics=mask,keyframe,run,stability,stream,frame`, 'angiocast.v1');
  screen.on('message', () => undefined);
  const scraping = setInterval(() => {
    void fetch(`http://127.0.0.1:${port}/metrics`)
      .then((answer) => answer.text())
      .then((text) => scrapes.push(text.length));
  }, 5000);
  return { blocks, scrapes, close: () => (clearInterval(scraping), screen.terminate(), child.kill('SIGKILL')) };
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const deviation = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1));

async function main(): Promise<void> {
  const [seconds, rounds] = [Number(process.argv[2] ?? 60), Number(process.argv[3] ?? 3)];
  const pairs: { readonly on: Block; readonly off: Block }[] = [];
  let page = 0;
  for (let round = 0; round < rounds; round++) {
    // Whoever is started first changes from round to round.
    const first = await watched(round % 2 === 0);
    const second = await watched(round % 2 !== 0);
    const [on, off] = round % 2 === 0 ? [first, second] : [second, first];
    await pause(seconds * 1000 + WARM_UP_BLOCKS * BLOCK_MS);
    on.blocks.slice(WARM_UP_BLOCKS).forEach((block, i) => {
      const other = off.blocks[i + WARM_UP_BLOCKS];
      if (other) pairs.push({ on: block, off: other });
    });
    page = on.scrapes.at(-1) ?? 0;
    for (const each of [on, off]) each.close();
  }
  const perSecond = (block: Block): number => (block.cpuMs * 1000) / BLOCK_MS;
  const differences = pairs.map(({ on, off }) => perSecond(on) - perSecond(off));
  const [withMetrics, without] = [mean(pairs.map(({ on }) => perSecond(on))), mean(pairs.map(({ off }) => perSecond(off)))];
  const [cost, error] = [mean(differences), deviation(differences) / Math.sqrt(differences.length)];
  const say = (name: string, text: string): void => void process.stdout.write(`${name.padEnd(34)}${text}\n`);
  say('machine', `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`);
  say('blocks of 5 s, in pairs', String(pairs.length));
  say('captured frames a second', mean(pairs.map(({ on }) => (on.frames * 1000) / BLOCK_MS)).toFixed(1));
  say('metrics page', `${page} bytes every 5 s`);
  say('CPU ms a second, without metrics', without.toFixed(1));
  say('CPU ms a second, with metrics', withMetrics.toFixed(1));
  say('difference', `${cost.toFixed(2)} ± ${(1.96 * error).toFixed(2)} ms a second (95 %)`);
  say('share of one core', `${(cost / 10).toFixed(2)} % ± ${((1.96 * error) / 10).toFixed(2)}`);
  say('ratio to the server without', (withMetrics / without).toFixed(3));
}

const role = process.argv[2];
void (role === 'on' || role === 'off' ? work(role === 'on') : main());
