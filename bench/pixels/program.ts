import { setTimeout as after } from 'node:timers/promises';
import { type Client, connect, type Message } from '../../test/e2e/client';
import { serve } from '../../test/e2e/serve';
import { metricsOf } from '../../test/support/ledger';
import type { Feed } from './feed';
import { type Found, found } from './found';
import { between, epoch, watchedMemory } from './measured';
import { spent } from './process-tree';
import type { Row } from './row';
import { scraped } from './scrape';

export interface ProgramOptions {
  readonly feed: Feed;
  readonly name: string;
  readonly streams: number;
  /** Whether a viewer takes the pictures of all streams. */
  readonly viewer: boolean;
  /** `x,y,w,h` */
  readonly imageArea: string;
  readonly warmUpSeconds: number;
  /** How often the recording is shown while it is measured. */
  readonly showings: number;
  /** Called when the program is warm, before measuring: the time to limit its processors. */
  readonly warm?: (pid: number) => Promise<void>;
}

interface Timing {
  readonly capturedAt: number;
  readonly inferenceStartedAt: number;
  readonly inferenceEndedAt: number;
  readonly publishedAt: number;
  readonly anticipated: boolean;
}

/** How long what is under way at the end may take to be reported. */
const SETTLE_MS = 3000;

const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))] ?? NaN;

/** The built program on so many streams of a feed, warm for some seconds, then for some showings of the recording. */
export async function programRow({ feed, name, streams, viewer, imageArea, warmUpSeconds, showings, warm }: ProgramOptions): Promise<Row> {
  const ids = Array.from({ length: streams }, (_, n) => n + 1);
  const served = await serve({ sources: ids.map((n) => `${feed.url(n)}#id=${n}&imageArea=${imageArea}`) });
  served.client.close();
  const pid = served.process.pid ?? -1;
  const topics = `run,stability,mask${viewer ? ',frame' : ''}`;
  const client = await connect(`${served.url.replace('http', 'ws')}/ws?topics=${topics}`);
  try {
    await after(1000 * warmUpSeconds);
    await warm?.(pid);
    const { fps, frames } = feed.recorded;
    const metricsBefore = await metricsOf(served);
    await feed.state();
    const begin = spent(pid);
    const residentMb = await watchedMemory(pid, (showings * frames) / fps);
    const metrics = scraped(metricsBefore, await metricsOf(served));
    const end = spent(pid);
    const state = await feed.state();
    await after(SETTLE_MS);
    const { seconds, cpuMs, ownMs, othersMs } = between(begin, end);
    const [from, to] = [epoch(begin.at), epoch(end.at)];
    const timings = client
      .of('mask')
      .map(({ timing }) => timing as Timing)
      .filter(({ publishedAt }) => publishedAt >= from && publishedAt < to);
    const delays = timings.map(({ capturedAt, publishedAt }) => publishedAt - capturedAt);
    const waits = timings
      .filter(({ anticipated }) => !anticipated)
      .map((mask) => (mask.publishedAt - mask.capturedAt) / (mask.inferenceEndedAt - mask.inferenceStartedAt));
    const captured = metrics.count('angiocast_frames_captured_total');
    const fates = metrics.by('angiocast_frames_total', 'fate');
    return {
      ...{ feed: name, streams, who: viewer ? 'angiocast, a viewer' : 'angiocast', seconds, cpuMs, othersMs, residentMb, ...state },
      due: Math.round(seconds * fps * streams),
      captured,
      lookedAt: captured - (fates['dropped_overload'] ?? 0),
      found: ids.map((n) => acquisitionsFound(feed, n, client, from, to)).reduce(sum),
      program: {
        fates,
        lagP99Ms: 1000 * metrics.gauge('angiocast_event_loop_lag_seconds'),
        gcShare: (1000 * metrics.count('nodejs_gc_duration_seconds_sum')) / ownMs,
        ...{
          masks: delays.length,
          maskP50Ms: quantile(delays, 0.5),
          maskP99Ms: quantile(delays, 0.99),
          timesInference: quantile(waits, 0.5),
        },
        acquireP99Ms: 1000 * metrics.quantile('angiocast_stage_duration_seconds', 0.99, 'stage="acquire"'),
        reconnects: metrics.count('angiocast_reconnects_total'),
      },
    };
  } finally {
    client.close();
    await served.stop();
  }
}

/**
 * A `stability` message comes once per acquisition of a run, when it is recognised; that of the first together with the
 * second's. `run` has the capture time of the first; the pictures, where there is a viewer, those of the others.
 */
function acquisitionsFound(feed: Feed, stream: number, client: Client, from: number, to: number): Found {
  const key = ({ run, frame }: Pick<Message, string>): string => `${String(run)} ${String(frame)}`;
  const captured = new Map(client.of('frame').map((message) => [key(message), Number(message.capturedAt)]));
  for (const { run, startedAt } of client.of('run')) captured.set(key({ run, frame: 0 }), Number(startedAt));
  const detections = client
    .of('stability')
    .filter((message) => message.stream === String(stream))
    .map((message) => ({ run: String(message.run), at: captured.get(key(message)) ?? message.at ?? 0 }));
  return found(feed.shown(stream, from - 20_000, to + 5000), detections, from, to);
}

const sum = (a: Found, b: Found): Found => ({
  shown: a.shown + b.shown,
  found: a.found + b.found,
  extra: a.extra + b.extra,
  runs: a.runs + b.runs,
  broken: a.broken + b.broken,
});
