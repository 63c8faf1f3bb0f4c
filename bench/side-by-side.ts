/**
 * Servers in processes of their own that show the same simulated suite at the same time, at 60 captured frames a
 * second, each with one screen that subscribes to everything, to compare their CPU time. Without ffmpeg and inference,
 * so the share of the whole program is smaller than the share reported.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { lastValueFrom, Observable, of, tap, toArray } from 'rxjs';
import WebSocket from 'ws';
import type { SourceEvent } from '../src/acquire/source';
import { uniqueAcquisitions } from '../src/acquisitions/unique-acquisitions';
import { ANALYSIS_SIZE, type Frame } from '../src/frame';
import type { Segmenter } from '../src/infer/segmenter';
import { capturedCounter } from '../src/measure/ledger';
import type { MetricsPort } from '../src/measure/series';
import { pipeline } from '../src/pipeline';
import { servePush, type PushOptions } from '../src/push/serve-push.node';
import { lent } from '../test/infer/lent';
import { decodeBinary } from '../test/push/screen';
import { model } from '../test/push/scripted';
import { shownRun } from './phantom-feed';

const CAPTURE_HZ = 60;
const BLOCK_MS = 5000;
const WARM_UP_BLOCKS = 2;
const now = (): number => performance.timeOrigin + performance.now();
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

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

export interface Block {
  readonly cpuMs: number;
  readonly frames: number;
}

/** The server under measurement: sends its port, then the CPU time of each block. */
export async function work(metrics: MetricsPort, options: Pick<PushOptions, 'onTrace'> = {}): Promise<void> {
  let frames = 0;
  const source = (await feed()).pipe(
    tap((event) => {
      frames++;
      const count = capturedCounter('a', event);
      if (count) metrics.record(count);
    }),
  );
  const events = pipeline(of([{ id: 'a', frames: source.pipe(uniqueAcquisitions({ now })), pixelSpacingMm: null }]), {
    ...{ leaseModel: lent(instantSegmenter()), clock: { now }, runName: (stream: string, count: number) => `${stream}-${count}` },
  });
  const push = await servePush({
    ...{ events, streams: of([{ id: 'a', name: 'A' }]), model: of({ ready: true, model, provider: 'cpu' } as const), ...options },
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

interface Watched {
  readonly blocks: readonly Block[];
  /** Bytes of each page of metrics. */
  readonly scrapes: readonly number[];
  close(): void;
}

/** Starts a server, listens to it as a screen does and scrapes it; gives its blocks as they come. */
async function watched(role: string, args: readonly string[]): Promise<Watched> {
  const child: ChildProcess = fork(process.argv[1] ?? '', [role, ...args]);
  const blocks: Block[] = [];
  const scrapes: number[] = [];
  const port = await new Promise<number>((resolve) =>
    child.on('message', (message: { readonly port?: number } & Block) => {
      if (message.port === undefined) blocks.push(message);
      else resolve(message.port);
    }),
  );
  const screen = new WebSocket(`ws://127.0.0.1:${port}/ws?topics=mask,keyframe,run,stability,stream,frame`, 'angiocast.v1');
  screen.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) return;
    const { type, stream, seq, frame } = decodeBinary(data);
    if (type === 'mask') screen.send(JSON.stringify({ type: 'painted', stream, seq, frame, paintedAt: now() }));
  });
  await once(screen, 'open');
  const scraping = setInterval(() => {
    void fetch(`http://127.0.0.1:${port}/metrics`)
      .then((answer) => answer.text())
      .then((text) => scrapes.push(text.length));
  }, 5000);
  return { blocks, scrapes, close: () => (clearInterval(scraping), screen.terminate(), child.kill('SIGKILL')) };
}

export interface Compared {
  /** The blocks of each role, in its order; those with the same index ran at the same time. */
  readonly blocks: readonly (readonly Block[])[];
  /** Bytes of the last page of metrics of each role. */
  readonly pages: readonly number[];
}

/** Runs this program once per role, all at once, `seconds` long; which one starts first changes with each round. */
export async function compare(roles: readonly string[], seconds: number, rounds: number, args: readonly string[] = []): Promise<Compared> {
  const blocks = roles.map((): Block[] => []);
  let pages: readonly number[] = [];
  for (let round = 0; round < rounds; round++) {
    const servers = new Map<string, Watched>();
    for (let n = 0; n < roles.length; n++) {
      const role = roles[(n + round) % roles.length] as string;
      servers.set(role, await watched(role, args));
    }
    await pause(seconds * 1000 + WARM_UP_BLOCKS * BLOCK_MS);
    const each = roles.map((role) => servers.get(role) as Watched);
    const together = Math.min(...each.map((server) => server.blocks.length));
    each.forEach((server, n) => blocks[n]?.push(...server.blocks.slice(WARM_UP_BLOCKS, together)));
    pages = each.map(({ scrapes }) => scrapes.at(-1) ?? 0);
    for (const server of each) server.close();
  }
  return { blocks, pages };
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const deviation = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1));
/** Of 60 frames: a busy machine gives a server more or fewer of them in a block. */
const perSecond = ({ cpuMs, frames }: Block): number => (cpuMs / frames) * CAPTURE_HZ;

export const say = (name: string, text: string): void => void process.stdout.write(`${name.padEnd(34)}${text}\n`);

export function sayWhere(blocks: readonly Block[]): void {
  say('machine', `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`);
  say('blocks of 5 s, at the same time', String(blocks.length));
  say('captured frames a second', mean(blocks.map(({ frames }) => (frames * 1000) / BLOCK_MS)).toFixed(1));
}

/** What the blocks of one server cost more than those of another at the same time. */
export function sayCost(costlier: readonly Block[], without: readonly Block[]): void {
  const differences = costlier.map((block, n) => perSecond(block) - perSecond(without[n] as Block));
  const [cost, error] = [mean(differences), deviation(differences) / Math.sqrt(differences.length)];
  const [more, less] = [mean(costlier.map(perSecond)), mean(without.map(perSecond))];
  say('CPU ms per 60 frames, without', less.toFixed(1));
  say('CPU ms per 60 frames, with', more.toFixed(1));
  say('difference', `${cost.toFixed(2)} ± ${(1.96 * error).toFixed(2)} ms a second (95 %)`);
  say('share of one core', `${(cost / 10).toFixed(2)} % ± ${((1.96 * error) / 10).toFixed(2)}`);
  say('ratio to the server without', (more / less).toFixed(3));
}
