/**
 * What traces cost: `npm run bench:trace -- [SECONDS] [ROUNDS]`. Three servers side by side, whose screens report what
 * they painted: one keeps no traces, one keeps them, one also sends them to an OpenTelemetry collector, which is this
 * process. Before that, the CPU time of one mask's trace alone, which is lost side by side in the differences between
 * two runs of the same server. Loopback only.
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { prometheus } from '../src/measure/prometheus.node';
import { otlp } from '../src/tracing/otlp.node';
import { StreamTraces, Traces } from '../src/tracing/traces';
import { Script } from '../test/push/scripted';
import { compare, say, sayCost, sayWhere, work } from './side-by-side';

const roles = ['off', 'kept', 'sent'] as const;

async function server(role: (typeof roles)[number], endpoint: string): Promise<void> {
  const metrics = prometheus();
  if (role === 'sent') {
    const sink = otlp({ endpoint, version: 'bench', record: metrics.record, warn: (message) => process.stderr.write(`${message}\n`) });
    return work(metrics, { onTrace: (_trace, latest) => sink.add(latest) });
  }
  const nothing = (): void => undefined;
  if (role === 'off')
    Object.assign(StreamTraces.prototype, { newId: () => '0'.repeat(32) }, Object.fromEntries(steps.map((step) => [step, nothing])));
  return work(metrics);
}
const steps = ['declared', 'published', 'encoded', 'delivered', 'painted'] as const satisfies readonly (keyof StreamTraces)[];

interface MaskCost {
  readonly keptUs: number;
  readonly sentUs: number;
}

/** Traces masks one after the other for one screen, and returns the CPU time of each in microseconds. */
async function masks(endpoint: string): Promise<void> {
  const mask = new Script('a').mask('r1', 7, 'final');
  if (mask.kind !== 'mask') throw new Error('Expected a mask');
  let answered = 0;
  const sink = otlp({ endpoint, version: 'bench', settleMs: 0, record: ({ value }) => (answered += value), warn: () => undefined });
  let latest: Parameters<typeof sink.add>[0] | undefined;
  const newId = (): string => randomBytes(16).toString('hex');
  const stream = new StreamTraces('a', new Traces({ newId, onPublished: (_trace, published) => (latest = published) }), () => 0);
  let seq = 0;
  const traced = (): void => {
    seq++;
    const publishedAt = mask.at + 1;
    stream.encoded(mask.acquisition.frame, { startedAt: publishedAt, endedAt: publishedAt + 5 });
    stream.published(mask, { traceId: stream.newId(), seq, publishedAt });
    stream.delivered(seq, 'client-1', publishedAt + 1);
    stream.painted(seq, 'client-1', publishedAt + 20);
  };
  const cost = async (count: number, each: () => void | Promise<void>): Promise<number> => {
    const before = process.cpuUsage();
    for (let n = 0; n < count; n++) await each();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / count;
  };
  const wave = async (): Promise<void> => {
    const before = answered;
    for (let n = 0; n < WAVE; n++) {
      traced();
      if (latest) sink.add(latest);
    }
    while (answered < before + WAVE * SPANS) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  await cost(20_000, traced);
  const keptUs = await cost(100_000, traced);
  await cost(5, wave);
  const sentUs = (await cost(15, wave)) / WAVE;
  process.send?.({ keptUs, sentUs } satisfies MaskCost);
  await sink.close();
  process.exit();
}
const WAVE = 150;
/** A root, six steps of the server (no acquisition decided) and two of the screen. */
const SPANS = 9;

async function main(): Promise<void> {
  let [requests, bytes] = [0, 0];
  const collector = createServer((request, response) => {
    requests++;
    request.on('data', (chunk: Buffer) => (bytes += chunk.length));
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  const child = fork(process.argv[1] ?? '', ['masks', endpoint]);
  const [{ keptUs, sentUs }] = (await once(child, 'message')) as [MaskCost];
  say('CPU of one mask’s trace, kept', `${keptUs.toFixed(1)} µs`);
  say('CPU of one mask’s trace, sent', `${sentUs.toFixed(0)} µs`);
  const { blocks } = await compare(roles, Number(process.argv[2] ?? 60), Number(process.argv[3] ?? 3), [endpoint]);
  const [off = [], kept = [], sent = []] = blocks;
  sayWhere(off);
  say('sent to the collector', `${requests} requests, ${bytes} bytes`);
  say('', 'traces kept, against none');
  sayCost(kept, off);
  say('', 'traces kept and sent, against none');
  sayCost(sent, off);
  collector.closeAllConnections();
  collector.close();
}

const [, , role = '', endpoint = ''] = process.argv;
const known = roles.find((each) => each === role);
void (known ? server(known, endpoint) : role === 'masks' ? masks(endpoint) : main());
