import { BehaviorSubject } from 'rxjs';
import type { KeyFrameTrace } from '../../src/tracing/key-frame-trace';
import { Traces } from '../../src/tracing/traces';
import { Screen } from '../push/screen';
import { Script } from '../push/scripted';
import { serving, stopServing, type Serving } from '../push/serving';

afterEach(stopServing);

const tracesOf = async (server: Serving, run: string): Promise<readonly KeyFrameTrace[]> =>
  (await server.get(`/api/v1/runs/${run}/trace`)).json() as Promise<readonly KeyFrameTrace[]>;

/** Once there is such a trace of the run; fails after some seconds. */
async function traceWith(server: Serving, run: string, fits: (trace: KeyFrameTrace) => boolean): Promise<KeyFrameTrace> {
  for (let attempt = 0; attempt < 80; attempt++) {
    const trace = (await tracesOf(server, run)).find(fits);
    if (trace) return trace;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Waited in vain for a trace; there is ${JSON.stringify(await tracesOf(server, run))}`);
}
const steps = ({ spans }: KeyFrameTrace): readonly string[] =>
  spans.map(({ name, client }) => (client === null ? name : `${client} ${name}`));

/** A run whose image `decidedBy` decides on an earlier one. */
function decides(server: Serving, s: Script, run: string): void {
  server.say(s.state('live'), s.picture(), s.run(run, 'started', 2), s.frame(run, 1), s.frame(run, 2), s.frame(run, 3));
  const decidedBy = s.acquisition(run, 3).frame.capturedAt;
  const keyFrame = s.keyFrame(run, 1, 'stabilised');
  const mask = s.mask(run, 1, 'stabilised');
  if (keyFrame.kind !== 'keyframe' || mask.kind !== 'mask') throw new Error('Expected a key frame and its mask');
  const { acquisition } = mask;
  server.say({ ...keyFrame, decidedBy }, { ...mask, acquisition, timing: { ...mask.timing, capturedAt: decidedBy } });
}

it('records the way of a mask from the capture to each screen that got it and reported painting it', async () => {
  const server = await serving();
  const watching = new Screen(server.port, '?stream=a&topics=mask,frame');
  const listening = new Screen(server.port, '?stream=a&topics=mask');
  await watching.until(() => watching.of('snapshot').length === 1);
  await listening.until(() => listening.of('snapshot').length === 1);
  decides(server, new Script('a'), 'r1');
  await watching.until(() => watching.of('mask').length === 1 && watching.of('frame').length === 3);
  const [mask] = watching.of('mask');
  watching.say({ type: 'painted', stream: 'a', seq: mask?.seq, frame: 1, paintedAt: Date.now() });

  const trace = await traceWith(server, 'r1', (each) => steps(each).length === 10);
  expect([...steps(trace)].sort()).toEqual(
    [
      ...['acquire', 'capture', 'client-1 delivered', 'client-1 painted', 'client-2 delivered'],
      ...['detect', 'encode', 'infer', 'publish', 'queue'],
    ].sort(),
  );
  const timing = mask?.timing as Record<string, unknown>;
  expect(trace).toMatchObject({ traceId: timing.traceId, seq: mask?.seq, run: 'r1', frame: 1, status: 'stabilised', otherClients: 0 });
  expect(trace.startedAt).toBe(timing.capturedAt);
  expect(trace.spans.find(({ name }) => name === 'publish')?.endedAt).toBe(timing.publishedAt);
  expect(trace.spans.find(({ name }) => name === 'infer')).toMatchObject({
    ...{ startedAt: timing.inferenceStartedAt, endedAt: timing.inferenceEndedAt },
  });
  for (const screen of [watching, listening]) screen.close();
});

it('gives each mask a trace of its own, and a run without a key frame none', async () => {
  const server = await serving();
  const s = new Script('a');
  server.say(s.run('r1', 'started', 2));
  expect(await tracesOf(server, 'r1')).toEqual([]);
  for (const status of ['stabilised', 'final'] as const) server.say(s.keyFrame('r1', 1, status), s.mask('r1', 1, status));
  const traces = await tracesOf(server, 'r1');
  expect(traces.map(({ status }) => status)).toEqual(['stabilised', 'final']);
  expect(new Set(traces.map(({ traceId }) => traceId)).size).toBe(2);
  for (const { traceId } of traces) expect(traceId).toMatch(/^[0-9a-f]{32}$/);
});

it('adds the encoding of a picture that is sent after the mask, too', async () => {
  const server = await serving();
  const screen = new Screen(server.port, '?stream=a&topics=mask,frame');
  await screen.until(() => screen.of('snapshot').length === 1);
  const s = new Script('a');
  server.say(s.run('r1', 'started', 2), s.keyFrame('r1', 1, 'final'), s.mask('r1', 1, 'final'));
  const trace = await traceWith(server, 'r1', (each) => steps(each).includes('encode'));
  expect(steps(trace)).not.toContain('acquire');
  screen.close();
});

it('leaves out screens that joined late, and what they claim to have painted', async () => {
  const server = await serving();
  const s = new Script('a');
  server.say(s.run('r1', 'started', 2), s.keyFrame('r1', 1, 'stabilised'), s.mask('r1', 1, 'stabilised'));
  const screen = new Screen(server.port, '?stream=a&topics=mask');
  await screen.until(() => screen.of('mask').length === 1);
  screen.say({ type: 'painted', stream: 'a', seq: screen.of('mask')[0]?.seq, frame: 1, paintedAt: Date.now() });
  screen.say({ type: 'clock', t0: 0 });
  await screen.until(() => screen.of('clock').length === 1);
  const [trace] = await tracesOf(server, 'r1');
  expect(trace?.spans.filter(({ client }) => client !== null)).toEqual([]);
  screen.close();
});

it('requires the token where there is one', async () => {
  const server = await serving({ token: 'secret' });
  expect((await server.get('/api/v1/runs/r1/trace')).status).toBe(401);
  expect((await server.get('/api/v1/runs/r1/trace', { authorization: 'Bearer secret' })).status).toBe(404);
});

it('announces each mask at once, and gives its trace on request', async () => {
  const told: [KeyFrameTrace, () => KeyFrameTrace][] = [];
  const server = await serving({ onTrace: (...trace) => told.push(trace) });
  const screen = new Screen(server.port, '?stream=a&topics=mask');
  await screen.until(() => screen.of('snapshot').length === 1);
  const s = new Script('a');
  server.say(s.mask('r1', 1, 'final'));
  const [[trace, latest] = []] = told;
  expect(trace && steps(trace)).not.toContain('client-1 delivered');
  await screen.until(() => screen.of('mask').length === 1);
  expect(latest && steps(latest())).toContain('client-1 delivered');
  screen.close();
});

it('keeps the latest traces only', () => {
  const s = new Script('a', () => 1000);
  const traces = new Traces({ newId: () => 'c'.repeat(32), onPublished: () => undefined });
  const mask = s.mask('r1', 1, 'final');
  if (mask.kind !== 'mask') throw new Error('Expected a mask');
  const { run, frame, status, provider, model, stream } = mask;
  const facts = { run, frame, status, provider, model, stream, traceId: 'c'.repeat(32), anticipated: false, startedAt: 0 };
  for (let seq = 1; seq <= 700; seq++) traces.published({ ...facts, seq, spans: [], otherClients: 0 });
  const kept = traces.of('r1').map(({ seq }) => seq);
  expect([kept.length, kept[0], kept.at(-1)]).toEqual([600, 101, 700]);
});

it('begins at the glass, by the capture latency that the source is configured with now', async () => {
  const streams = new BehaviorSubject([{ id: 'a', name: 'A', captureLatencyMs: 5 }]);
  const server = await serving({ streams });
  const s = new Script('a');
  const capture = async (run: string): Promise<number> => {
    server.say(s.run(run, 'started', 2), s.mask(run, 1, 'final'));
    const span = (await tracesOf(server, run))[0]?.spans.find(({ name }) => name === 'capture');
    return (span?.endedAt ?? NaN) - (span?.startedAt ?? NaN);
  };
  expect(await capture('r1')).toBe(5);
  streams.next([{ id: 'a', name: 'A', captureLatencyMs: 7 }]);
  expect(await capture('r2')).toBe(7);
});
