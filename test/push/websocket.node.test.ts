import { once } from 'node:events';
import { connect } from 'node:net';
import { prometheus } from '../../src/measure/prometheus.node';
import type { MetricsPort } from '../../src/measure/series';
import { Screen, decodeRunLengths, type Heard } from './screen';
import { Script, model } from './scripted';
import { serving, stopServing, type Serving } from './serving';

const screens: Screen[] = [];
function screen(server: Serving, query = '', options = {}): Screen {
  const opened = new Screen(server.port, query, options);
  screens.push(opened);
  return opened;
}

afterEach(async () => {
  screens.splice(0).forEach((opened) => opened.close());
  await stopServing();
});

const seqs = (messages: readonly Heard[]): number[] => messages.map(({ seq }) => seq);

describe('a screen', () => {
  it('gets hello first, with the streams as the API lists them', async () => {
    const server = await serving();
    const a = screen(server);
    await a.until(() => a.of('snapshot').length === 2);
    expect(a.socket.protocol).toBe('angiocast.v1');
    expect(a.heard[0]).toMatchObject({
      type: 'hello',
      protocol: 'angiocast.v1',
      server: 'angiocast/0.0.0-test',
      epoch: expect.any(String),
    });
    expect(a.heard[0]?.streams).toEqual(await (await server.get('/api/v1/streams')).json());
  });

  it('gets everything a pipeline emits, numbered one by one', async () => {
    const server = await serving();
    const s = new Script('a');
    const a = screen(server, '?stream=a&topics=mask,keyframe,run,stability,stream,frame');
    await a.until(() => a.of('snapshot').length === 1);
    server.say(s.state('live'), s.picture(), s.run('r1', 'started', 2), s.frame('r1', 0));
    await a.until(() => a.of('frame').length === 1);
    server.say(s.stability('r1', 2), s.keyFrame('r1', 1, 'stabilised'), s.mask('r1', 1, 'stabilised'));
    await a.until(() => a.of('frame').length === 2, 'the picture of the key frame');
    server.say(s.invalid('r1', 1, 'new-run'), s.run('r1', 'ended', 3));
    await a.until(() => a.of('run').length === 2);
    const told = a.heard.filter(({ stream, type }) => stream === 'a' && type !== 'snapshot');
    expect(seqs(told)).toEqual(told.map((_, index) => index + 1));
    expect(told.map(({ type }) => type)).toEqual(['stream', 'run', 'frame', 'stability', 'keyframe', 'mask', 'frame', 'invalid', 'run']);
    expect(told.every(({ at }) => typeof at === 'number')).toBe(true);
    expect(a.of('stream')[0]).toMatchObject({ state: 'live', reason: '' });
    expect(a.of('run')[0]).toMatchObject({ run: 'r1', phase: 'started', acquisitions: 2 });
    expect(a.of('stability')[0]).toMatchObject({
      run: 'r1',
      frame: 2,
      difference: 2.5,
      score: expect.any(Number),
      opacification: expect.any(Number),
      candidate: 1,
    });
    expect(a.of('keyframe')[0]).toMatchObject({
      run: 'r1',
      frame: 1,
      status: 'stabilised',
      score: 1.25,
      lagFrames: 2,
      capturedAt: expect.any(Number),
    });
    expect(a.of('invalid')[0]).toMatchObject({ run: 'r1', frame: 1, reason: 'new-run' });
  });

  it('gets the time of sending, however far away the glass is, so that only a slow network looks like one', async () => {
    const server = await serving();
    const s = new Script('a', () => Date.now() - 1800);
    const a = screen(server, '?stream=a');
    await a.until(() => a.of('snapshot').length === 1);
    const before = Date.now();
    server.say(s.state('live'), s.run('r1', 'started', 2), s.stability('r1', 1));
    await a.until(() => a.of('stability').length === 1);
    const dated = ['stream', 'run', 'stability'].flatMap((type) => a.of(type).map(({ at }) => at));
    expect(dated).toHaveLength(3);
    for (const at of dated) expect(at).toBeGreaterThanOrEqual(before);
  });

  it('gets a mask whose run lengths fill its grid, with the time of every step', async () => {
    const server = await serving();
    const s = new Script('a');
    const a = screen(server);
    await a.until(() => a.of('snapshot').length === 2);
    const before = Date.now();
    server.say(s.mask('r1', 4, 'stabilised'));
    await a.until(() => a.of('mask').length === 1);
    const [mask] = a.of('mask');
    expect(mask).toMatchObject({
      run: 'r1',
      frame: 4,
      status: 'stabilised',
      width: 256,
      height: 256,
      encoding: 'rle',
      threshold: 0.5,
      paddedFrames: 0,
      provider: 'cpu',
      model,
    });
    expect(mask).toMatchObject({ imageArea: s.imageArea, timing: { anticipated: true, publishedAt: expect.any(Number) } });
    expect(mask?.timing).toHaveProperty('inferenceEndedAt');
    expect((mask?.timing as { publishedAt: number }).publishedAt).toBeGreaterThanOrEqual(before);
    const lengths = decodeRunLengths(mask?.payload as Buffer);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(256 * 256);
    expect(lengths.filter((_, index) => index % 2 === 1).reduce((sum, length) => sum + length, 0)).toBe(64 * 64);
  });

  it('gets only the streams and topics it subscribed to, and no pictures unless requested', async () => {
    const server = await serving();
    const [sa, sb] = [new Script('a'), new Script('b')];
    const onlyRuns = screen(server, '?stream=b&topics=run');
    const plain = screen(server);
    await Promise.all([onlyRuns.until((o) => o.of('snapshot').length === 1), plain.until((o) => o.of('snapshot').length === 2)]);
    server.say(sa.run('ra', 'started', 2), sb.stability('rb', 0), sb.frame('rb', 0), sb.run('rb', 'started', 2));
    await Promise.all([onlyRuns.until((o) => o.of('run').length === 1), plain.until((o) => o.of('run').length === 2)]);
    expect(onlyRuns.heard.slice(2).map(({ type, stream }) => [type, stream])).toEqual([['run', 'b']]);
    expect(plain.of('frame')).toEqual([]);
    expect(plain.of('stability')).toHaveLength(1);
  });

  it('may change its subscription, and then gets the present again', async () => {
    const server = await serving();
    const s = new Script('a');
    const a = screen(server, '?stream=b&topics=run');
    await a.until(() => a.of('snapshot').length === 1);
    server.say(s.run('r1', 'started', 2), s.frame('r1', 1));
    a.say({ type: 'subscribe', streams: ['a'], topics: ['frame', 'run'] });
    await a.until(() => a.of('frame').length === 1);
    expect(a.of('snapshot')[1]).toMatchObject({ stream: 'a', run: 'r1', frame: { run: 'r1', frame: 1 } });
    a.say({ type: 'subscribe', streams: ['nowhere'], topics: [] });
    await a.until(() => a.of('error').length === 1);
    server.say(s.run('r1', 'ended', 2));
    await a.until(() => a.of('run').length === 1);
  });

  it('reads the server clock', async () => {
    const server = await serving({ clock: { now: () => 1234.5 } });
    const a = screen(server);
    await a.until(() => a.of('hello').length === 1);
    a.say({ type: 'clock', t0: 99.25 });
    await a.until(() => a.of('clock').length === 1);
    expect(a.of('clock')[0]).toMatchObject({ t0: 99.25, t1: 1234.5, t2: 1234.5 });
  });
});

describe('a late screen', () => {
  it('gets the present state, then the valid mask with the number it was sent under', async () => {
    const server = await serving();
    const s = new Script('a');
    server.say(s.state('live'), s.picture(), s.run('r1', 'started', 2), s.stability('r1', 2), s.keyFrame('r1', 1, 'stabilised'));
    server.say(s.mask('r1', 1, 'stabilised'), s.stability('r1', 3), s.state('held', 'image stands still'));
    const late = screen(server, '?stream=a');
    await late.until(() => late.of('mask').length === 1);
    server.say(s.run('r1', 'ended', 4));
    await late.until(() => late.of('run').length === 1);
    const [, snapshot, mask, run] = late.heard;
    expect(snapshot).toMatchObject({
      type: 'snapshot',
      stream: 'a',
      head: 7,
      state: 'held',
      run: 'r1',
      phase: 'started',
      acquisitions: 4,
      width: 320,
      imageArea: s.imageArea,
    });
    expect(snapshot).toMatchObject({ keyframe: { run: 'r1', frame: 1, status: 'stabilised' }, mask: { run: 'r1', frame: 1, seq: 5 } });
    expect((snapshot?.stability as unknown[]).length).toBe(2);
    expect(seqs([snapshot, mask, run] as Heard[])).toEqual([4, 5, 8]);
  });

  it('gets no mask that is history', async () => {
    const server = await serving();
    const s = new Script('a');
    server.say(s.run('r1', 'started', 2), s.mask('r1', 1, 'stabilised'), s.invalid('r1', 1, 'new-run'), s.run('r2', 'started', 2));
    const late = screen(server, '?stream=a');
    await late.until(() => late.of('snapshot').length === 1);
    server.say(s.stability('r2', 2));
    await late.until(() => late.of('stability').length === 1);
    expect(late.heard.map(({ type }) => type)).toEqual(['hello', 'snapshot', 'stability']);
    expect(late.of('snapshot')[0]).toMatchObject({ mask: null, keyframe: null, run: 'r2', seq: 4, head: 4 });
  });

  it('gets the picture its mask belongs to and the latest one, though no screen watched before', async () => {
    const server = await serving();
    const s = new Script('a');
    server.say(s.run('r1', 'started', 2), s.frame('r1', 1), s.frame('r1', 2), s.frame('r1', 3));
    server.say(s.keyFrame('r1', 2, 'stabilised'), s.mask('r1', 2, 'stabilised'), s.frame('r1', 4));
    const late = screen(server, '?stream=a&topics=mask,frame');
    await late.until(() => late.of('frame').length === 2);
    expect(late.of('frame').map(({ run, frame }) => [run, frame])).toEqual([['r1', 2], ['r1', 4]]); // prettier-ignore
    expect(late.of('frame')[0]).toMatchObject({
      width: 320,
      height: 240,
      encoding: 'jpeg',
      repeated: false,
      capturedAt: late.of('mask')[0]?.capturedAt,
    });
    expect(late.of('frame')[0]?.payload?.subarray(0, 2).toString('hex')).toBe('ffd8');
    const later = screen(server, '?stream=a&topics=mask,frame');
    await later.until(() => later.of('frame').length === 2);
    expect(later.of('frame')).toEqual(late.of('frame'));
    const stream = later.heard.filter(({ stream }) => stream === 'a').map(({ seq }) => seq);
    expect(stream).toEqual([...new Set(stream)].sort((a, b) => a - b));
  });
});

describe('a returning screen', () => {
  it('gets exactly what it missed', async () => {
    const server = await serving();
    const s = new Script('a');
    const first = screen(server, '?stream=a');
    await first.until(() => first.of('snapshot').length === 1);
    server.say(s.run('r1', 'started', 2), s.stability('r1', 2));
    await first.until(() => first.of('stability').length === 1);
    const last = first.heard.at(-1)?.seq ?? 0;
    first.close();
    server.say(s.keyFrame('r1', 1, 'stabilised'), s.mask('r1', 1, 'stabilised'), s.stability('r1', 3));
    const again = screen(server, `?stream=a&since=${last}`);
    await again.until(() => again.of('stability').length === 1);
    server.say(s.run('r1', 'ended', 4));
    await again.until(() => again.of('run').length === 1);
    expect(again.heard.map(({ type }) => type)).toEqual(['hello', 'keyframe', 'mask', 'stability', 'run']);
    expect(seqs(again.heard.slice(1))).toEqual([3, 4, 5, 6]);
  });

  it('gets a snapshot when its number is of another epoch, or unknown, or too long ago', async () => {
    const server = await serving();
    const s = new Script('a');
    server.say(s.run('r1', 'started', 2));
    for (const query of ['since=77', 'since=0&epoch=long-ago', 'since=b:0', 'since=a:9']) {
      const a = screen(server, `?stream=a&${query}`);
      await a.until(() => a.of('snapshot').length === 1, query);
    }
    const heavy = { ...s.stability('r1', 2), run: 'r'.repeat(1 << 20) };
    for (let count = 0; count < 6; count += 1) server.say(heavy);
    const a = screen(server, '?stream=a&since=1');
    await a.until(() => a.of('snapshot').length === 1);
    expect(a.of('stability')).toEqual([]);
  });

  it('may resume each stream by its own number', async () => {
    const server = await serving();
    const [sa, sb] = [new Script('a'), new Script('b')];
    server.say(sa.stability('r1', 0), sa.stability('r1', 1), sb.stability('r2', 0));
    const a = screen(server, '?since=a:1&since=b:0');
    await a.until(() => a.of('stability').length === 2);
    expect(a.of('stability').map(({ stream, seq }) => [stream, seq])).toEqual([['a', 2], ['b', 1]]); // prettier-ignore
    expect(a.of('snapshot')).toEqual([]);
  });
});

describe('a screen that misbehaves', () => {
  it('gets an error, and is disconnected when it goes on', async () => {
    const server = await serving();
    const a = screen(server);
    await a.until(() => a.of('hello').length === 1);
    a.say('{');
    await a.until(() => a.of('error').length === 1);
    expect(a.of('error')[0]).toMatchObject({ code: 'bad-message', message: 'Expected JSON' });
    for (const nonsense of ['[]', '{"type":"sing"}', '{"type":"clock"}', '{"type":"subscribe","topics":["x"]}', '1']) a.say(nonsense);
    await a.until(() => a.closeCode !== null);
    expect(a.closeCode).toBe(1008);
    expect(a.of('error').length).toBeGreaterThanOrEqual(4);
  });

  it('is forgiven after a minute', async () => {
    let time = Date.now();
    const server = await serving({ clock: { now: () => time } });
    const a = screen(server);
    await a.until(() => a.of('hello').length === 1);
    for (const said of [4, 8]) {
      for (const nonsense of ['1', '2', '3', '4']) a.say(nonsense);
      await a.until(() => a.of('error').length === said);
      time += 60_000;
    }
    expect(a.closeCode).toBeNull();
  });

  it('is cut off with 1009 when it sends more than 64 KiB at once', async () => {
    const server = await serving();
    const a = screen(server);
    await a.until(() => a.of('hello').length === 1);
    a.say(`"${'x'.repeat(65_534)}"`);
    await a.until(() => a.of('error').length === 1);
    a.say('x'.repeat(65_537));
    await a.until(() => a.closeCode !== null);
    expect(a.closeCode).toBe(1009);
  });

  it('gets an error for each unknown stream, topic or number it requested, and the rest', async () => {
    const server = await serving();
    const a = screen(server, '?stream=a&stream=x&topics=mask,y&since=z');
    await a.until(() => a.of('snapshot').length === 1);
    expect(a.of('error').map(({ code }) => code)).toEqual(['unknown-stream', 'unknown-topic', 'bad-since']);
  });

  it('stays outside without the token, with 401 before the upgrade', async () => {
    const server = await serving({ token: 'open sesame'.replace(' ', '-') });
    const status = async (query: string, headers: Record<string, string> = {}): Promise<number> => {
      const a = screen(server, query, { headers });
      return new Promise((resolve) => {
        a.socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
        a.socket.on('open', () => resolve(101));
      });
    };
    expect(await status('')).toBe(401);
    expect(await status('?token=wrong')).toBe(401);
    expect(await status('?token=open-sesame')).toBe(101);
    expect(await status('', { Authorization: 'Bearer open-sesame' })).toBe(101);
    expect((await server.get('/api/v1/streams')).status).toBe(401);
    expect((await server.get('/api/v1/streams?token=open-sesame')).status).toBe(200);
    expect((await server.get('/readyz')).status).toBe(200);
  });

  it('stays outside when its page is from elsewhere', async () => {
    const server = await serving({ allowedOrigins: ['https://screens.example'] });
    const refused = screen(server, '', { headers: { Origin: 'https://evil.example' } });
    const status = await new Promise((resolve) =>
      refused.socket.on('unexpected-response', (_request, response) => resolve(response.statusCode)),
    );
    expect(status).toBe(403);
    for (const Origin of ['https://screens.example', `http://127.0.0.1:${server.port}`]) {
      const a = screen(server, '', { headers: { Origin } });
      await a.until(() => a.of('hello').length === 1);
    }
  });

  it('is answered 400 at an address that is none, and the program goes on', async () => {
    const server = await serving();
    for (const target of ['//', '//[', 'http://[', 'http://a:b/']) {
      const socket = connect(server.port, '127.0.0.1');
      socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
      socket.destroy();
    }
    expect((await server.get('/healthz')).status).toBe(200);
  });

  it('is forgotten when it shows no life', async () => {
    const server = await serving({ heartbeatMs: 50 });
    const dead = connect(server.port, '127.0.0.1');
    dead.on('error', () => undefined);
    const key = Buffer.from('0123456789abcdef').toString('base64');
    dead.write(
      `GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    dead.resume();
    await new Promise((resolve) => dead.on('close', resolve));
    const metrics = await (await server.get('/metrics')).text();
    expect(metrics).toContain('angiocast_clients{topic="mask"} 0');
  });

  it('is counted on request, not whenever one comes or goes', async () => {
    const kept = prometheus();
    let counts = 0;
    const record: MetricsPort['record'] = (sample) => ((counts += sample.metric === 'clients' ? 1 : 0), kept.record(sample));
    const server = await serving({ metrics: { ...kept, record } });
    const all = Array.from({ length: 20 }, () => screen(server, '?topics=mask'));
    await Promise.all(all.map((each) => each.until(() => each.of('snapshot').length === 2)));
    expect(counts).toBe(0);
    expect(await (await server.get('/metrics')).text()).toContain('angiocast_clients{topic="mask"} 20\n');
  });
});
