/**
 * Memory, delays and event-loop lag of `serve` on the simulated suite or another source, with three clients that read
 * and one that hardly does: `npm run bench:soak -- [MINUTES] [SOURCE]`. Loopback only; ends by itself. Names the
 * machine.
 */
import { cpus } from 'node:os';
import { WebSocket } from 'ws';
import { parseBinary } from '../test/e2e/client';
import { serve } from '../test/e2e/serve';

const [minutes, source] = [Number(process.argv[2] ?? 20), process.argv[3] ?? 'phantom:#seed=1'];
const SAMPLE_MS = 5000;
const WARM_UP_MS = 300_000;

interface Reading {
  readonly minute: number;
  readonly rssMb: number;
  readonly heapMb: number;
}

function reader(
  url: string,
  slow: boolean,
  heard: (data: Buffer, binary: boolean) => void,
): { readonly lost: () => number; readonly close: () => void } {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?topics=mask,keyframe,run,stability,stream,frame`, 'angiocast.v1');
  let lost = 0;
  socket.on('message', (data: Buffer, binary) => {
    if (!binary && data.includes('"type":"loss"')) lost++;
    heard(data, binary);
  });
  // Reads for a tenth of a second every five: about a fiftieth of what it is sent.
  const breath = slow ? setInterval(() => (socket.resume(), setTimeout(() => socket.pause(), 100)), 5000) : undefined;
  if (slow) socket.once('open', () => socket.pause());
  return { lost: () => lost, close: () => (clearInterval(breath), socket.terminate()) };
}

const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))] ?? NaN;

/** Least squares, MB a minute. */
function slope(readings: readonly Reading[], of: (reading: Reading) => number): number {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const x = mean(readings.map(({ minute }) => minute));
  const y = mean(readings.map(of));
  const above = readings.reduce((sum, reading) => sum + (reading.minute - x) * (of(reading) - y), 0);
  return above / readings.reduce((sum, reading) => sum + (reading.minute - x) ** 2, 0);
}

async function main(): Promise<void> {
  const served = await serve({ sources: [source] });
  served.client.close();
  const delays: Record<'anticipated' | 'not', number[]> = { anticipated: [], not: [] };
  const counts = { masks: 0, frames: 0 };
  const readers = [0, 1, 2].map((i) =>
    reader(served.url, false, (data, binary) => {
      if (i > 0 || !binary) return;
      const { type, timing } = parseBinary(data);
      if (type === 'frame') counts.frames++;
      if (type !== 'mask') return;
      counts.masks++;
      const { anticipated, capturedAt, publishedAt } = timing as { anticipated: boolean; capturedAt: number; publishedAt: number };
      delays[anticipated ? 'anticipated' : 'not'].push(publishedAt - capturedAt);
    }),
  );
  const slow = reader(served.url, true, () => undefined);
  const began = Date.now();
  const readings: Reading[] = [];
  while (Date.now() - began < minutes * 60_000) {
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    const { body } = await served.get('/metrics');
    const value = (name: string): number => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? ([0-9.e+-]+)$`, 'm').exec(body)?.[1]);
    readings.push({
      minute: (Date.now() - began) / 60_000,
      rssMb: value('process_resident_memory_bytes') / 2 ** 20,
      heapMb: value('nodejs_heap_size_used_bytes') / 2 ** 20,
    });
  }
  const { body } = await served.get('/metrics');
  const steady = readings.filter(({ minute }) => minute * 60_000 > Math.min(WARM_UP_MS, (minutes * 60_000) / 4));
  const say = (name: string, text: string): void => void process.stdout.write(`${name.padEnd(34)}${text}\n`);
  say('machine', `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`);
  say('minutes, readings', `${minutes}, ${steady.length}`);
  say('source', source.replace(/^.*\//, ''));
  say('frames, masks sent to one client', `${counts.frames}, ${counts.masks}`);
  for (const [name, of] of [
    ['resident MB', ({ rssMb }: Reading) => rssMb],
    ['heap used MB', ({ heapMb }: Reading) => heapMb],
  ] as const) {
    const values = steady.map(of);
    say(
      name,
      `p5 ${quantile(values, 0.05).toFixed(0)}, median ${quantile(values, 0.5).toFixed(0)}, p95 ${quantile(values, 0.95).toFixed(0)}, slope ${slope(steady, of).toFixed(2)} a minute`,
    );
  }
  for (const [name, values] of Object.entries(delays)) {
    say(
      `published after ms, ${name}`,
      `p50 ${quantile(values, 0.5).toFixed(1)}, p99 ${quantile(values, 0.99).toFixed(1)} of ${values.length}`,
    );
  }
  say('losses told to the slow client', String(slow.lost()));
  for (const line of body.split('\n'))
    if (/^angiocast_(anticipations_total|frames_total|event_loop_lag_seconds|client_messages_dropped_total|inference_failures)/.test(line))
      say('', line);
  for (const each of [...readers, slow]) each.close();
  await served.stop();
}

void main();
