import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import sharp, { type OutputInfo } from 'sharp';
import { Subject } from 'rxjs';
import type { ModelState } from '../../src/push/server-status';
import { httpJudge, type HttpDescription } from '../support/api-descriptions';
import { Screen } from './screen';
import { Script, model } from './scripted';
import { serving, stopServing, type Serving } from './serving';

afterEach(stopServing);

async function json(server: Serving, path: string): Promise<unknown> {
  return (await server.get(path)).json();
}

function aRun(server: Serving): Script {
  const s = new Script('a');
  server.say(s.state('live'), s.picture(), s.run('r1', 'started', 2), s.keyFrame('r1', 1, 'stabilised'), s.mask('r1', 1, 'stabilised'));
  return s;
}

it('is alive at once and ready when the model is, with reasons until then', async () => {
  const model$ = new Subject<ModelState>();
  const server = await serving({ model: model$ });
  expect((await server.get('/healthz')).status).toBe(200);
  expect((await server.get('/readyz')).status).toBe(503);
  model$.next({ ready: false, reason: 'the golden check failed' });
  expect(await json(server, '/readyz')).toEqual({ ready: false, reasons: ['model: the golden check failed'] });
  model$.next({ ready: true, model, provider: 'cpu' });
  const ready = await server.get('/readyz');
  expect([ready.status, await ready.json()]).toEqual([200, { ready: true, reasons: [] }]);
  expect(await json(server, '/api/v1/streams')).toMatchObject([{ id: 'a', model, provider: 'cpu' }, { id: 'b' }]);
});

it('is not ready any more when the pipeline failed', async () => {
  const events = new Subject<never>();
  const server = await serving({ events });
  events.error(new Error('it broke'));
  expect(await json(server, '/readyz')).toEqual({ ready: false, reasons: ['pipeline: Error: it broke'] });
});

it('answers as its own description states', async () => {
  const server = await serving();
  const judge = httpJudge((await json(server, '/openapi.json')) as HttpDescription);
  const fits = async (path: string, template = path): Promise<unknown> => judge(template, await server.get(path));
  await fits('/api/v1/streams');
  const s = aRun(server);
  server.say(
    { kind: 'rate', stream: 'a', at: 0, captureRateHz: 30, acquisitionRateHz: 3.75 },
    s.fate('unique', 3),
    s.fate('dropped_late', 2),
  );
  const views = await serving({ viewFolder: join(__dirname, '../../src/view') });
  await judge('/', await views.get('/'));
  for (const path of ['/healthz', '/readyz', '/metrics', '/openapi.json', '/asyncapi.json', '/ws', '/api/v1/streams', '/api/v1/runs'])
    await fits(path);
  expect((await server.get('/ws')).status).toBe(426);
  for (const rest of ['', '/trace', '/keyframe.png', '/mask.png', '/overlay.png']) {
    const template = `/api/v1/runs/{run}${rest}`;
    const statuses = [];
    for (const run of ['r1', 'r9', '%E0%A4%A']) {
      await fits(template.replace('{run}', run), template);
      statuses.push((await server.get(template.replace('{run}', run))).status);
    }
    expect(statuses).toEqual([200, 404, 400]);
  }
  await fits('/api/v1/runs?stream=x', '/api/v1/runs');
  await fits('/api/v1/runs/r1/x.png', '/api/v1/runs/{run}/mask.png');
  await fits('/nothing', '/healthz');
  const guarded = await serving({ token: 'secret', model: new Subject() });
  for (const path of ['/api/v1/streams', '/readyz']) await judge(path, await guarded.get(path));
  expect([(await guarded.get('/api/v1/streams')).status, (await guarded.get('/readyz')).status]).toEqual([401, 503]);
});

it('answers an address that is none as any request that makes no sense', async () => {
  const { port } = await serving();
  for (const target of ['http://[', '//', 'http://a:b/healthz']) {
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/json/);
    expect(answer).toContain('{"error":{"code":"bad-request","message":"Malformed request"}}');
  }
});

it('lists the latest runs, newest first, of one stream or all', async () => {
  const server = await serving();
  const [a, b] = [aRun(server), new Script('b')];
  server.say(b.run('r2', 'started', 2), a.run('r1', 'ended', 22));
  expect(await json(server, '/api/v1/runs')).toMatchObject([
    { run: 'r2', stream: 'b', endedAt: null, acquisitions: 2, keyFrame: null, lesions: [] },
    {
      run: 'r1',
      stream: 'a',
      endedAt: expect.any(Number),
      acquisitions: 22,
      keyFrame: { frame: 1, status: 'stabilised' },
      lesions: [{ areaPx: 2500 }],
    },
  ]);
  expect(await json(server, '/api/v1/runs?stream=b')).toMatchObject([{ run: 'r2' }]);
  expect(await json(server, '/api/v1/runs/r1')).toMatchObject({ run: 'r1', mask: { frame: 1, status: 'stabilised' } });
});

it('shows the last inference that failed: which, why, when, and how many', async () => {
  const server = await serving();
  const failure = (frame: number, at: number, again = false) =>
    ({ kind: 'failure', stream: 'a', run: 'r1', frame, at, again, reason: 'crashed', message: 'out of memory' }) as const;
  expect(await json(server, '/api/v1/streams')).toMatchObject([{ lastFailure: null }, { lastFailure: null }]);
  server.say(failure(4, 100), failure(5, 200), failure(4, 300, true));
  const lastFailure = { run: 'r1', frame: 4, reason: 'crashed', message: 'out of memory', at: 300, count: 2 };
  expect(await json(server, '/api/v1/streams')).toMatchObject([{ lastFailure }, { lastFailure: null }]);
  expect(await (await server.get('/metrics')).text()).toContain('angiocast_inference_failures_total{reason="crashed"} 2');
});

it('shows key frame, mask and overlay in the pixels of the captured picture', async () => {
  const server = await serving();
  const s = aRun(server);
  const pixels = async (name: string, space: 'b-w' | 'srgb' = 'b-w'): Promise<{ data: Buffer; info: OutputInfo }> => {
    const answer = await server.get(`/api/v1/runs/r1/${name}.png`);
    expect(answer.headers.get('content-type')).toBe('image/png');
    const png = Buffer.from(await answer.arrayBuffer());
    expect((await sharp(png).metadata()).space).toBe(space);
    return sharp(png).toColourspace(space).raw().toBuffer({ resolveWithObject: true });
  };
  const key = await pixels('keyframe');
  expect([key.info.width, key.info.height, key.info.channels]).toEqual([320, 240, 1]);
  expect(Buffer.compare(key.data, Buffer.from(s.acquisition('r1', 1).frame.pixels))).toBe(0);
  const mask = await pixels('mask');
  const set = [...mask.data.entries()].filter(([, value]) => value === 255).map(([at]) => [at % 320, Math.floor(at / 320)] as const);
  expect(set.length).toBe(2500);
  expect([Math.min(...set.map(([x]) => x)), Math.max(...set.map(([x]) => x))]).toEqual([135, 184]);
  expect([Math.min(...set.map(([, y]) => y)), Math.max(...set.map(([, y]) => y))]).toEqual([70, 119]);
  const overlay = await pixels('overlay', 'srgb');
  expect(overlay.info).toMatchObject({ width: 320, height: 240 });
  const at = (x: number, y: number): number[] => [
    ...overlay.data.subarray((y * 320 + x) * overlay.info.channels, (y * 320 + x) * overlay.info.channels + 3),
  ];
  const [red = 0, green = 0] = at(150, 90);
  expect(red).toBeGreaterThan(green + 20);
  expect(new Set(at(250, 200)).size).toBe(1);
});

it('shows the overlay in square pixels, where the captured ones are not', async () => {
  const server = await serving();
  const s = new Script('a', Date.now, 320, 240, { x: 60, y: 20, width: 200, height: 200 }, undefined, 2);
  server.say(s.state('live'), s.picture(), s.run('r1', 'started', 2), s.keyFrame('r1', 1, 'stabilised'), s.mask('r1', 1, 'stabilised'));
  expect(await json(server, '/api/v1/streams')).toMatchObject([{ width: 320, height: 240, pixelAspect: 2 }, { pixelAspect: null }]);
  const png = async (name: string) =>
    sharp(Buffer.from(await (await server.get(`/api/v1/runs/r1/${name}.png`)).arrayBuffer()))
      .raw()
      .toBuffer({ resolveWithObject: true });
  expect((await png('keyframe')).info).toMatchObject({ width: 320, height: 240 });
  expect((await png('mask')).info).toMatchObject({ width: 320, height: 240 });
  const square = await server.get('/api/v1/runs/r1/keyframe.png?square=1');
  expect(await sharp(Buffer.from(await square.arrayBuffer())).metadata()).toMatchObject({ width: 640, height: 240, space: 'b-w' });
  const { data, info } = await png('overlay');
  expect(info).toMatchObject({ width: 640, height: 240 });
  const red = (x: number): number => (data[(90 * 640 + x) * info.channels] ?? 0) - (data[(90 * 640 + x) * info.channels + 2] ?? 0);
  expect([255, 285, 355].map((x) => red(x) > 20)).toEqual([false, true, true]);
});

it('serves the metrics of the contract', async () => {
  const server = await serving();
  const screen = new Screen(server.port, '?stream=a&topics=mask,frame');
  await screen.until(() => screen.of('snapshot').length === 1);
  const s = aRun(server);
  const said = { stream: 'a', at: Date.now() };
  server.say(
    s.frame('r1', 1),
    s.fate('unique', 2),
    s.fate('repeated', 18),
    s.fate('dropped_late'),
    { kind: 'rate', ...said, captureRateHz: 30, acquisitionRateHz: 3.75 },
    { kind: 'stage', ...said, stage: 'infer', milliseconds: 30 },
    { kind: 'anticipation', ...said, outcome: 'hit' },
    { kind: 'reconnect', ...said, reason: 'stalled' },
    { kind: 'failure', ...said, reason: 'timed-out', message: 'too slow', run: 'r1', frame: 1, again: false },
  );
  await screen.until(() => screen.of('mask').length === 1 && screen.of('frame').length === 1);
  screen.say({ type: 'painted', stream: 'a', seq: screen.of('mask')[0]?.seq, frame: 1, paintedAt: Date.now() });
  screen.say({ type: 'painted', stream: 'a', seq: screen.of('mask')[0]?.seq, frame: 1, paintedAt: Date.now() });
  screen.say({ type: 'painted', stream: 'a', seq: screen.of('mask')[0]?.seq, frame: 1, paintedAt: Date.now() + 9e9 });
  screen.say({ type: 'clock', t0: 0 });
  await screen.until(() => screen.of('clock').length === 1);
  const text = await (await server.get('/metrics')).text();
  for (const line of [
    'frames_total{stream="a",fate="unique"} 2',
    'frames_total{stream="a",fate="repeated"} 18',
    'frames_total{stream="a",fate="dropped_late"} 1',
    'stage_duration_seconds_count{stream="a",stage="infer"} 1',
    'stage_duration_seconds_bucket{le="0.03",stream="a",stage="infer"} 1',
    'annotation_delay_seconds_count{stream="a",until="published"} 1',
    'annotation_delay_seconds_count{stream="a",until="delivered"} 1',
    'annotation_delay_seconds_count{stream="a",until="painted"} 1',
    'keyframe_lag_frames_sum{stream="a"} 2',
    'keyframes_total{stream="a",status="stabilised"} 1',
    'masks_total{stream="a",status="stabilised"} 1',
    'anticipations_total{stream="a",outcome="hit"} 1',
    'stream_state{stream="a",state="live"} 1',
    'stream_state{stream="a",state="connecting"} 0',
    'stream_state{stream="b",state="connecting"} 1',
    'acquisition_rate_hertz{stream="a"} 3.75',
    'capture_rate_hertz{stream="a"} 30',
    'last_frame_age_seconds{stream="b"} Nan',
    'reconnects_total{stream="a",reason="stalled"} 1',
    'clients{topic="mask"} 1',
    'clients{topic="run"} 0',
    `model_info{name="dsa-ltdnet",version="1.2.3",sha256="${model.sha256}",provider="cpu"} 1`,
    'inference_failures_total{reason="timed-out"} 1',
  ]) {
    expect(text).toContain(`\nangiocast_${line}\n`);
  }
  for (const stage of ['encode', 'push'])
    expect(text).toMatch(new RegExp(`stage_duration_seconds_count\\{stream="a",stage="${stage}"\\} \\d`));
  expect(text).toMatch(/\nangiocast_last_frame_age_seconds\{stream="a"\} 0\.\d+\n/);
  expect(text).toMatch(/\nangiocast_event_loop_lag_seconds \d/);
  expect(text).toMatch(/\n# TYPE angiocast_client_messages_dropped_total counter\n/);
  expect(text).toMatch(/\nprocess_cpu_seconds_total \d/);
  screen.close();
});

it('answers a request that offers another protocol as if it had not, refusals too, and closes', async () => {
  const server = await serving({ token: 'a-long-enough-token' });
  const answered = (line: string): Promise<string> => {
    const socket = connect(server.port, '127.0.0.1');
    const offer = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA';
    socket.write(`${line} HTTP/1.1\r\nHost: 127.0.0.1\r\n${offer}\r\n\r\n`);
    return text(socket);
  };
  for (const [line, begins, ends] of [
    ['GET /healthz', 'HTTP/1.1 200 OK', '{"ok":true}'],
    ['HEAD /healthz', 'HTTP/1.1 200 OK', '\r\n\r\n'],
    ['GET /api/v1/streams', 'HTTP/1.1 401 Unauthorized', '}'],
    ['GET /ws', 'HTTP/1.1 426 Upgrade Required', '}'],
    ['GET //', 'HTTP/1.1 400 Bad Request', '}'],
  ] as const) {
    const answer = await answered(line);
    expect(answer.startsWith(begins)).toBe(true);
    expect(answer).toMatch(/\r\nConnection: close\r\n/);
    expect(answer.endsWith(ends)).toBe(true);
  }
});

it('lets a browser load from this server only', async () => {
  const server = await serving();
  const { headers } = await server.get('/healthz');
  expect(headers.get('content-security-policy')).toContain("default-src 'none';script-src 'self'");
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('strict-transport-security')).toBeNull();
});
