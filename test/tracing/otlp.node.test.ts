import { createServer, type IncomingHttpHeaders, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Sample } from '../../src/measure/metrics';
import { type KeyFrameTrace, keyFrameTrace, withDelivery, withEncoding, withPainting } from '../../src/tracing/key-frame-trace';
import { otlp, type OtlpOptions, type TraceSink } from '../../src/tracing/otlp.node';
import { Script } from '../push/scripted';

/** What these tests read of OTLP in JSON. */
interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number; readonly boolValue?: boolean };
}
interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
}
interface Request {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}
interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Request;
}

const servers: Server[] = [];
const sinks: TraceSink[] = [];
afterEach(async () => {
  await Promise.all(sinks.splice(0).map((sink) => sink.close()));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listening(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A collector that takes what it gets. */
async function collector(): Promise<{ readonly address: string; readonly received: Received[] }> {
  const received: Received[] = [];
  const address = await listening((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body: JSON.parse(text) as Request });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  return { address, received };
}

interface Sending {
  readonly sink: TraceSink;
  readonly warnings: string[];
  /** Spans by what became of them. */
  readonly outcomes: () => Readonly<Record<string, number>>;
}
function sending(endpoint: string, options: Partial<OtlpOptions> = {}): Sending {
  const samples: Sample[] = [];
  const warnings: string[] = [];
  const sink = otlp({
    ...{ endpoint, version: '1.2.3', settleMs: 0, timeoutMs: 200 },
    ...{ record: (sample: Sample) => samples.push(sample), warn: (message: string) => warnings.push(message), ...options },
  });
  sinks.push(sink);
  const outcomes = (): Record<string, number> => {
    const sums: Record<string, number> = {};
    for (const { labels, value } of samples) sums[labels.outcome ?? ''] = (sums[labels.outcome ?? ''] ?? 0) + value;
    return sums;
  };
  return { sink, warnings, outcomes };
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 8000; !holds();) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Times long past and with a fraction, and an inference that was anticipated. */
function aTrace(traceId: string): KeyFrameTrace {
  const event = new Script('a', () => 1000).mask('r1', 7, 'stabilised');
  if (event.kind !== 'mask') throw new Error('Expected a mask');
  const inference = { inferenceStartedAt: 1795473599600.5, inferenceEndedAt: 1795473599700.25, anticipated: true };
  const timing = { ...event.timing, ...inference, capturedAt: 1795473600000, detectedAt: 1795473600004.125 };
  const trace = keyFrameTrace(
    { ...event, timing },
    { traceId, seq: 9, publishedAt: 1795473600005, captureLatencyMs: 0, acquiredAt: 1795473600002 },
  );
  return withPainting(withDelivery(trace, 'client-3', 1795473600006), 'client-3', 1795473600030.5);
}
const spansOf = ({ body }: Received): readonly Span[] =>
  body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
const valuesOf = (attributes: readonly Attribute[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

it('sends a root span a mask and a child a step, with the trace id of the mask and the times that were measured', async () => {
  const { address, received } = await collector();
  const { sink, warnings, outcomes } = sending(`http://${address}`);
  const trace = aTrace('ab'.repeat(16));
  sink.add(() => trace);
  await until('the spans', () => received.length > 0);
  const [request] = received;
  if (!request) throw new Error('Expected a request');
  expect(request.path).toBe('/v1/traces');
  expect(valuesOf(request.body.resourceSpans[0]?.resource.attributes ?? [])).toEqual({
    'service.name': 'angiocast',
    'service.version': '1.2.3',
  });

  const spans = spansOf(request);
  const [root, ...others] = spans.filter(({ parentSpanId }) => !parentSpanId);
  expect(others).toEqual([]);
  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([trace.traceId]));
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  const children = spans.filter((span) => span !== root);
  for (const { parentSpanId } of children) expect(parentSpanId).toBe(root?.spanId);

  const nanoseconds = (milliseconds: number): string => String(BigInt(Math.round(milliseconds * 1000)) * 1000n);
  const told = children.map(({ name, startTimeUnixNano, endTimeUnixNano }) => [name, startTimeUnixNano, endTimeUnixNano]);
  const meant = trace.spans.map(({ name, startedAt, endedAt }) => [name, nanoseconds(startedAt), nanoseconds(endedAt)]);
  expect(told.sort()).toEqual(meant.sort());
  expect([root?.name, root?.startTimeUnixNano, root?.endTimeUnixNano]).toEqual(
    ['key frame', nanoseconds(1795473600000), nanoseconds(1795473600030.5)], // prettier-ignore
  );
  expect(valuesOf(root?.attributes ?? [])).toEqual({
    ...{ 'angiocast.stream': 'a', 'angiocast.run': 'r1', 'angiocast.frame': 7, 'angiocast.status': 'stabilised', 'angiocast.seq': 9 },
    ...{
      'angiocast.anticipated': true,
      'angiocast.provider': 'cpu',
      'angiocast.model.name': 'dsa-ltdnet',
      'angiocast.model.version': '1.2.3',
    },
    'angiocast.other_clients': 0,
  });
  const painted = children.find(({ name }) => name === 'painted');
  expect(valuesOf(painted?.attributes ?? [])).toEqual({ 'angiocast.client': 'client-3' });
  await until('the answer', () => outcomes().exported !== undefined);
  expect([outcomes(), warnings]).toEqual([{ exported: spans.length }, []]);
});

it('waits until the screens have reported what they painted, and sends at its end what still waits', async () => {
  const { address, received } = await collector();
  const { sink } = sending(`http://${address}`, { settleMs: 60_000 });
  let trace = aTrace('cd'.repeat(16));
  sink.add(() => trace);
  trace = withEncoding(trace, { startedAt: 1795473600001, endedAt: 1795473600003 });
  await sink.close();
  expect(received.flatMap(spansOf).map(({ name }) => name)).toContain('encode');
});

it('takes a path and credentials with the address, and shows neither to anybody else', async () => {
  const { address, received } = await collector();
  const { sink } = sending(`http://surgeon:hunt%40er2@${address}/otlp/traces`);
  sink.add(() => aTrace('ef'.repeat(16)));
  await until('the spans', () => received.length > 0);
  expect(received[0]?.path).toBe('/otlp/traces');
  expect(received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('surgeon:hunt@er2').toString('base64')}`);
  expect(JSON.stringify(received[0]?.body)).not.toMatch(/hunt|surgeon/);
});

it('counts what a collector that is down does not get, logs it once a minute, and names no credentials', async () => {
  const address = await listening(() => undefined);
  await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
  const { sink, warnings, outcomes } = sending(`http://surgeon:hunter2@${address}`);
  const spans = aTrace('0'.repeat(32)).spans.length + 1;
  for (const digit of ['1', '2']) {
    sink.add(() => aTrace(digit.repeat(32)));
    await until(`loss ${digit}`, () => outcomes().failed === spans * Number(digit));
  }
  expect(warnings).toEqual([expect.stringMatching(new RegExp(`${spans} spans lost \\(.*ECONNREFUSED`))]);
  expect(warnings.join()).not.toMatch(/hunter2|surgeon/);
}, 20_000);

it('counts what a collector refuses', async () => {
  const address = await listening((_request, response) => void response.writeHead(401).end());
  const { sink, warnings, outcomes } = sending(`http://${address}`);
  sink.add(() => aTrace('1'.repeat(32)));
  await until('the loss', () => (outcomes().failed ?? 0) > 0);
  expect(warnings).toEqual([expect.stringContaining('Unauthorized')]);
});

it('keeps a bounded number of spans while the collector hangs, counts the others, and still ends at once', async () => {
  const hung: IncomingMessage[] = [];
  const address = await listening((request) => void hung.push(request));
  const each = aTrace('0'.repeat(32)).spans.length + 1;
  const { sink, warnings, outcomes } = sending(`http://${address}`, { maxWaiting: 3 * each, timeoutMs: 60_000 });
  for (let n = 0; n < 50; n++) sink.add(() => aTrace(n.toString(16).padStart(32, '1')));
  await until('a request', () => hung.length > 0);
  expect(outcomes()).toEqual({ dropped: 47 * each });
  await sink.close();
  await until('the attempt to be given up', () => hung.every(({ socket }) => socket.destroyed));
  expect(warnings.at(-1)).toBe(`${3 * each} trace spans were not sent before the server stopped`);
}, 10_000);
