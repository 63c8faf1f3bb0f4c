/**
 * How long an inference takes by provider and number of threads, and how much it delays the main thread:
 * `npm run bench:inference -- [BUNDLE] [SECONDS PER ROW]`. Ratios to named baselines of the same run; absolute numbers
 * are those of the machine named.
 */
import { existsSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as after } from 'node:timers/promises';
import { firstValueFrom } from 'rxjs';
import { readModelBundle } from '../src/infer/bundle/model-bundle.node';
import { PROVIDERS } from '../src/infer/providers/provider';
import type { Segmentation } from '../src/infer/segmenter';
import { openModelSession } from '../src/infer/worker/model-session.node';
import { toTumourMask } from '../src/mask/tumour-masks';
import { darkeningStack, openSegmenter } from './open-segmenter';

const bundle =
  process.argv[2] ?? ['models/dsa-ltdnet', 'test/fixtures/bundles/tiny'].find((folder) => existsSync(`${folder}/model.json`)) ?? '';
const seconds = Number(process.argv[3] ?? 5);

const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))] ?? NaN;
const ms = (value: number): string => `${value.toFixed(1)} ms`;

/** Event-loop lag of the main thread, p50 and p99, while `work` is repeated for some seconds; and each duration. */
async function watched(work: () => Promise<void>): Promise<{ took: number[]; lag50: number; lag99: number; lagMax: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const took: number[] = [];
  await work();
  delay.enable();
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end) {
    const started = performance.now();
    await work();
    took.push(performance.now() - started);
  }
  delay.disable();
  // The histogram counts the timer's own millisecond too.
  return { took, lag50: delay.percentile(50) / 1e6 - 1, lag99: delay.percentile(99) / 1e6 - 1, lagMax: delay.max / 1e6 - 1 };
}

async function main(): Promise<void> {
  const { card } = await readModelBundle(bundle);
  console.log(`${card.name} ${card.version} (${bundle}), ${cpus()[0]?.model}, ${availableParallelism()} cores, Node ${process.version}`);
  const images = darkeningStack(card.inputs.frames.shape[1]);
  const threadCounts = [...new Set([1, Math.max(1, availableParallelism() - 1), availableParallelism()])];
  const rows = PROVIDERS.toReversed().flatMap((provider) =>
    (provider === 'cpu' ? threadCounts : [1]).map((threads) => ({ provider, threads })),
  );

  console.log('\nlatency, stacks back to back; baseline: cpu, 1 thread');
  let baseline = NaN;
  let lastSegmentation: Segmentation | undefined;
  const lags: string[] = [];
  for (const { provider, threads } of rows) {
    const name = `${provider}, ${threads} thread${threads === 1 ? '' : 's'}`;
    try {
      const { segmenter, subscription } = await openSegmenter({ folder: bundle, provider, threads });
      const computed: number[] = [];
      const { took, lag50, lag99, lagMax } = await watched(async () => {
        lastSegmentation = await firstValueFrom(segmenter.segment({ images, paddedFrames: 0 }));
        computed.push(lastSegmentation.endedAt - lastSegmentation.startedAt);
      });
      subscription.unsubscribe();
      const p50 = quantile(computed, 0.5);
      if (Number.isNaN(baseline)) baseline = p50;
      const overhead = quantile(took, 0.5) - p50;
      console.log(
        `  ${name.padEnd(18)} p50 ${ms(p50)}  p99 ${ms(quantile(computed, 0.99))}  ratio ${(p50 / baseline).toFixed(2)}  to the worker and back ${ms(overhead)}`,
      );
      lags.push(`  worker, ${name.padEnd(18)} p50 ${ms(lag50)}  p99 ${ms(lag99)}  max ${ms(lagMax)}`);
    } catch (cause) {
      console.log(`  ${name.padEnd(18)} ${cause instanceof Error ? cause.message.slice(0, 160) : String(cause)}`);
    }
  }

  console.log('\nlag of the main thread meanwhile; baselines: nothing to do, and the same session on the main thread');
  const idle = await watched(() => after(20));
  console.log(`  ${'idle'.padEnd(26)} p50 ${ms(idle.lag50)}  p99 ${ms(idle.lag99)}  max ${ms(idle.lagMax)}`);
  for (const line of lags) console.log(line);
  const session = await openModelSession(await readModelBundle(bundle), {
    provider: 'cpu',
    threads: Math.max(1, availableParallelism() - 1),
  });
  const blocking = await watched(async () => void (await session.run(images)));
  await session.close();
  console.log(`  ${'main thread'.padEnd(26)} p50 ${ms(blocking.lag50)}  p99 ${ms(blocking.lag99)}  max ${ms(blocking.lagMax)}`);

  if (lastSegmentation === undefined) return;
  const segmentation = lastSegmentation;
  const imageArea = { x: 0, y: 0, width: 1021, height: 788 };
  const mask = await watched(async () => {
    toTumourMask(segmentation, { thresholds: card.thresholds, imageArea, pixelSpacingMm: 0.3 });
    await after(1);
  });
  console.log(`\nprobabilities to mask: p50 ${ms(quantile(mask.took, 0.5) - 1)}  p99 ${ms(quantile(mask.took, 0.99) - 1)}`);
}

void main();
