/**
 * How long a mask takes to the screens, and what a stalled screen costs: `npm run bench:push -- [SCREENS] [SECONDS]`.
 * Two servers send the same: ours, and the obvious one, which encodes for every screen and calls `send`. Figures are
 * ratios to the obvious one without a stalled screen, in one run on one machine; screens live in a separate thread.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpus } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { of, Subject } from 'rxjs';
import WebSocket, { WebSocketServer } from 'ws';
import type { PipelineEvent } from '../src/event';
import { prometheus } from '../src/measure/prometheus.node';
import { encodePicture } from '../src/push/pictures/pictures.node';
import { servePush } from '../src/push/serve-push.node';
import { encodeBinary } from '../src/push/websocket/encode-message.node';
import { toMaskMessage, toPictureMessage } from '../src/push/websocket/to-message';
import { model, Script } from '../test/push/scripted';

const screens = Number(process.argv[2] ?? 12);
const seconds = Number(process.argv[3] ?? 10);
const RATE_HZ = 7.5;
const now = (): number => performance.timeOrigin + performance.now();
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

interface Server {
  readonly port: number;
  readonly say: (events: readonly PipelineEvent[]) => void;
  readonly close: () => Promise<void>;
}

async function ours(): Promise<Server> {
  const events = new Subject<PipelineEvent>();
  const push = await servePush({
    ...{ events, streams: of([{ id: 'a', name: 'A' }]), model: of({ ready: true, model, provider: 'cpu' } as const), clock: { now } },
    ...{ metrics: prometheus(), host: '127.0.0.1', port: 0, version: 'bench', newTraceId: () => randomBytes(16).toString('hex') },
  });
  return { port: push.port, say: (batch) => batch.forEach((event) => events.next(event)), close: () => push.close() };
}

async function obvious(): Promise<Server> {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const encode = encodePicture('jpeg');
  const broadcast = async (event: PipelineEvent): Promise<void> => {
    for (const client of sockets.clients) {
      const envelope = { seq: 0, stream: 'a', at: event.at };
      if (event.kind === 'mask') client.send(encodeBinary(envelope, toMaskMessage(event, now(), 'c'.repeat(32)), event.mask.runLengths));
      if (event.kind === 'frame') {
        const { frame } = event.acquisition;
        const facts = toPictureMessage(frame, event, 'jpeg', frame.width);
        client.send(encodeBinary(envelope, facts, await encode(frame, frame.width)));
      }
    }
  };
  const close = (): Promise<void> => {
    for (const client of sockets.clients) client.terminate();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { port: (server.address() as AddressInfo).port, say: (batch) => batch.forEach((event) => void broadcast(event)), close };
}

async function measured(start: () => Promise<Server>, stalled: number): Promise<{ p50: number; p99: number; grownMiB: number }> {
  const server = await start();
  const worker = new Worker(__filename, { workerData: { port: server.port, screens, stalled } });
  const delays: number[] = [];
  await new Promise<void>((resolve) => worker.on('message', (delay: number) => (delay < 0 ? resolve() : delays.push(delay))));
  const script = new Script('a', now, 1280, 800, { x: 6, y: 6, width: 1021, height: 788 });
  const noise = Uint8Array.from({ length: 1280 * 800 }, (_, at) => 120 + ((at * 7919) % 41));
  const before = process.memoryUsage();
  for (let count = 0; count < seconds * RATE_HZ; count += 1) {
    const { acquisition } = { acquisition: script.acquisition('r1', 0) };
    acquisition.frame.pixels.set(noise);
    const frame = { ...acquisition, frame: { ...acquisition.frame, capturedAt: now() } };
    server.say([{ kind: 'frame', stream: 'a', at: now(), run: 'r1', frame: count, acquisition: frame }]);
    await pause(500 / RATE_HZ);
    server.say([{ ...script.mask('r1', 0, 'improved'), at: now() }]);
    await pause(500 / RATE_HZ);
  }
  const after = process.memoryUsage();
  const sorted = delays.sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? NaN;
  await worker.terminate();
  await server.close();
  return { p50: at(0.5), p99: at(0.99), grownMiB: (after.external + after.heapUsed - before.external - before.heapUsed) / 2 ** 20 };
}

async function main(): Promise<void> {
  const base = await measured(obvious, 0);
  const rows = {
    'obvious, 1 stalled': await measured(obvious, 1),
    ours: await measured(ours, 0),
    'ours, 1 stalled': await measured(ours, 1),
  };
  const line = (name: string, { p50, p99, grownMiB }: typeof base): string =>
    `${name.padEnd(20)} p50 ${(p50 / base.p50).toFixed(2)}  p99 ${(p99 / base.p99).toFixed(2)}  memory grown ${grownMiB.toFixed(0)} MiB`;
  const lines = [line('obvious', base), ...Object.entries(rows).map(([name, row]) => line(name, row))];
  process.stdout.write(`${lines.join('\n')}\n`);
  process.stdout.write(
    `Delay of a mask from the server to ${screens} screens that also get ${RATE_HZ} pictures a second, ${seconds} s each. 1.00 = p50 ${base.p50.toFixed(1)} ms, ` +
      `p99 ${base.p99.toFixed(1)} ms. ${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.version}.\n`,
  );
}

function watch({ port, screens: lively, stalled }: { port: number; screens: number; stalled: number }): void {
  let open = 0;
  for (let count = 0; count < lively + stalled; count += 1) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws?topics=mask,frame`);
    socket.on('open', () => {
      if (count >= lively) setTimeout(() => socket.pause(), 100);
      if ((open += 1) === lively + stalled) setTimeout(() => parentPort?.postMessage(-1), 300);
    });
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) return;
      const message = JSON.parse(data.toString('utf8', 4, 4 + data.readUInt32LE(0))) as { type: string; at: number };
      if (message.type === 'mask' && count < lively) parentPort?.postMessage(Math.max(0, now() - message.at));
    });
  }
}

if (isMainThread) void main();
else watch(workerData as Parameters<typeof watch>[0]);
