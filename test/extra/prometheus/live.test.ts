import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseBinary } from '../../e2e/client';
import { ffmpegPath } from '../../e2e/ffmpeg';
import { freePort, serve, type Served } from '../../e2e/serve';
import { pages } from '../../support/dashboards';
import { needs } from '../needs';
import { hasData, type PrometheusServer, startPrometheus } from './prometheus-server';
import { promtoolNeeds } from './promtool';

needs(promtoolNeeds);

/** Alerts that depend on how busy the test machine is. */
const ofSpeed = ['AngiocastAnnotationDelayHigh', 'AngiocastAnticipationMisses', 'AngiocastEventLoopLag'];
const table: string[] = [];
let [served, prometheus, folder, begun]: [Served | undefined, PrometheusServer | undefined, string, number] = [undefined, undefined, '', 0];

/** A healthy room, one whose recording ends soon, one whose encoder is off; and a screen that reports its paints. */
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'recording-'));
  const recording = path.join(folder, 'over.mp4');
  spawnSync(ffmpegPath, ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=320x240:rate=10:duration=3', recording]);
  const nobody = await freePort();
  served = await serve({
    sources: ['phantom:#seed=3&rate=6&id=room1', `${recording}#id=over`, `rtsp://127.0.0.1:${nobody}/none#id=off`],
  });
  const { client, url } = served;
  begun = Date.now();
  client.socket.on('message', (data: Buffer, binary: boolean) => {
    if (!binary) return;
    const { type, stream, seq, frame } = parseBinary(data);
    if (type === 'mask') client.send({ type: 'painted', stream, seq, frame, paintedAt: Date.now() });
  });
  prometheus = await startPrometheus(new URL(url).host);
  for (let runs = 0, from = 0; runs < 3; runs++) {
    await client.waitFor('a final mask', ({ type, status }) => type === 'mask' && status === 'final', 60_000, from);
    from = client.messages.length;
  }
  await new Promise((resolve) => setTimeout(resolve, 3_000));
}, 240_000);
afterAll(async () => {
  await prometheus?.close();
  await served?.stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
  process.stdout.write(`\n${['page: panel | expression | series', ...table].join('\n')}\n`);
});

const running = (): { readonly served: Served; readonly prometheus: PrometheusServer } => {
  if (served === undefined || prometheus === undefined) throw new Error('nothing was started');
  return { served, prometheus };
};
const firing = async (): Promise<readonly { readonly name: string; readonly stream: string | undefined; readonly text: string }[]> =>
  (await running().prometheus.alerts())
    .filter(({ state, labels }) => state === 'firing' && !ofSpeed.includes(labels.alertname ?? ''))
    .map(({ labels, annotations }) => ({ name: labels.alertname ?? '', stream: labels.stream, text: annotations.summary ?? '' }));
async function fired(name: string, since: number): Promise<number> {
  for (;;) {
    if ((await firing()).some((alert) => alert.name === name)) return (Date.now() - since) / 1000;
    if (Date.now() - since > 120_000) throw new Error(`${name} did not fire in two minutes: ${JSON.stringify(await firing())}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

it('fires for the room whose encoder is off, and neither for one that is well nor for a recording that is over', async () => {
  const after = await fired('AngiocastNoFrames', begun);
  expect(await firing()).toEqual([{ name: 'AngiocastNoFrames', stream: 'off', text: 'No pictures from off' }]);
  // The overview counts alerts at the next evaluation.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const rooms = await running().prometheus.instant('angiocast:room_alerts:count > 0');
  expect(rooms.map(({ metric }) => metric.stream)).toContain('off');
  const states = await running().prometheus.instant('angiocast_stream_state{stream="over"} == 1');
  expect(states.map(({ metric }) => metric.state)).toEqual(['ended']);
  table.push(`alert AngiocastNoFrames | the encoder is off | fired within ${after.toFixed(0)} s of the start`);
}, 150_000);

describe('every panel shows data', () => {
  const panels = pages.flatMap(([page, { panels: all }]) => all.map((panel) => [`${page}: ${panel.title}`, panel] as const));
  it.each(panels)('%s', async (name, { targets }) => {
    for (const { expr, instant } of targets) {
      // As Grafana fills them in with everything chosen and a scrape every five seconds.
      const asked = expr.replace(/\$__rate_interval/g, '20s').replace(/\$(stream|provider|stage|until)\b/g, '.+');
      const found = await (instant ? running().prometheus.instant(asked) : running().prometheus.range(asked, 180));
      if (!hasData(found)) throw new Error(`no data: ${asked}`);
      table.push(`${name} | ${asked} | ${found.length}`);
    }
  });
});

it('evaluates every rule without an error, and every record has data', async () => {
  const rules = await running().prometheus.rules();
  expect(rules.length).toBeGreaterThan(20);
  expect(rules.filter(({ health }) => health !== 'ok').map(({ name, lastError }) => `${name}: ${lastError}`)).toEqual([]);
  for (const { name } of rules.filter((rule) => rule.name.includes(':'))) {
    const found = await running().prometheus.range(name, 180);
    if (!hasData(found)) throw new Error(`no data: ${name}`);
    table.push(`record ${name} | ${name} | ${found.length}`);
  }
});

it('balances the ledger at every scrape: at most two frames wait for their run', async () => {
  const differences = (await running().prometheus.range('angiocast:ledger_imbalance:frames', 180)).flatMap(({ values }) =>
    values.map(([, value]) => Math.abs(+value)),
  );
  expect(Math.max(...differences)).toBeLessThanOrEqual(2);
});

it('fires when the server is gone, and nothing else then', async () => {
  await running().served.stop('SIGKILL');
  const after = await fired('AngiocastTargetDown', Date.now());
  expect((await firing()).map(({ name }) => name)).toEqual(['AngiocastTargetDown']);
  table.push(`alert AngiocastTargetDown | kill -9 | fired after ${after.toFixed(0)} s`);
}, 150_000);
