/**
 * What a GPU does for the program, within minutes on a borrowed machine: `scripts/gpu/run.sh inference` (docs/gpu.md).
 * Writes results.json and report.md into --out after each step, so that a run that is cut short keeps its results.
 *
 *     node dist/bench/gpu-inference.js --out DIR --work DIR [--seconds 170] [--inferences 1000] [--watch 30]
 *                                      [--python python3]
 *
 * Steps: which providers compute the bundle, and why not; latency through the worker thread, of a bare ONNX Runtime
 * session, and in Python, at batch 1, 4 and 16; the whole program on the simulated suite and on a 1080p60 recording;
 * decoding by NVDEC.
 */
import { execFileSync, fork, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { findFfmpeg } from '../src/acquire/ffmpeg/binary.node';
import { ANALYSIS_SIZE } from '../src/frame';
import { PROVIDERS, type Provider } from '../src/infer/providers/provider';
import { unavailableReason, probeProvider } from '../src/infer/providers/provider-trials.node';
import { root, serve } from '../test/e2e/serve';
import { type Delays, type Latency, type LatencyRow, type Missing, type ProviderResult, report, type Results } from './gpu-report';
import { recordMonitor } from './monitor-recording';
import { darkeningStack, openSegmenter } from './open-segmenter';

const BUNDLE = path.join(root, 'models/dsa-ltdnet');
const BATCHES = [1, 4, 16] as const;
const THREADS = Math.max(1, availableParallelism() - 1);

const quantile = (sorted: readonly number[], q: number): number => sorted[Math.floor(q * (sorted.length - 1))] ?? NaN;
const rounded = (value: number): number => Number(value.toFixed(2));

function latency(milliseconds: readonly number[]): Latency {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const [p50, p99, worst] = [0.5, 0.99, 1].map((q) => rounded(quantile(sorted, q)));
  return { count: sorted.length, p50: p50!, p99: p99!, worst: worst! };
}

const message = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, ' ').slice(0, 500);

/** First line of what a command prints, or why there is none. */
function printed(command: string, ...args: string[]): string {
  const { stdout, error, status } = spawnSync(command, args, { encoding: 'utf8', timeout: 10_000 });
  return error || status !== 0 ? 'none' : (stdout.trim().split('\n')[0] ?? '');
}

/** Runs one of this file's roles in a child process, since a driver may crash its process, and returns what it sent. */
function inChild<T>(args: readonly string[], timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = fork(__filename, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let stderrTail = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderrTail = (stderrTail + chunk.toString()).slice(-1000)));
    const timer = setTimeout(() => (child.kill('SIGKILL'), reject(new Error(`not done within ${timeoutMs} ms`))), timeoutMs);
    child.on('message', (answer: { readonly value?: T; readonly missing?: string }) => {
      if (answer.missing === undefined) resolve(answer.value as T);
      else reject(new Error(answer.missing));
      child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`ended with ${signal ?? code}: ${stderrTail.trim()}`));
    });
  });
}

async function repeated(count: number, seconds: number, run: () => Promise<unknown>): Promise<number[]> {
  for (let n = 0; n < 5; n++) await run();
  const taken: number[] = [];
  for (const end = performance.now() + 1000 * seconds; taken.length < count && performance.now() < end;) {
    const started = performance.now();
    await run();
    taken.push(performance.now() - started);
  }
  return taken;
}

/** As the program computes: in its worker thread, from a stack of images to probabilities. */
async function throughWorker(provider: Provider, count: number, seconds: number): Promise<LatencyRow['result']> {
  const { segmenter, subscription } = await openSegmenter({ folder: BUNDLE, provider });
  const images = darkeningStack(segmenter.offsets.length);
  const lag = monitorEventLoopDelay({ resolution: 1 });
  lag.enable();
  const taken = await repeated(count, seconds, () => firstValueFrom(segmenter.segment({ images, paddedFrames: 0 })));
  lag.disable();
  subscription.unsubscribe();
  return { ...latency(taken), eventLoopP99: rounded(lag.percentile(99) / 1e6 - 1) };
}

/** One session on this thread, nothing around it. */
async function bare(provider: Provider, graph: string, batch: number, count: number, seconds: number): Promise<LatencyRow['result']> {
  const session = await InferenceSession.create(graph, {
    executionProviders: [provider],
    intraOpNumThreads: THREADS,
    logSeverityLevel: 3,
  });
  const shape = [batch, 10, ANALYSIS_SIZE, ANALYSIS_SIZE];
  const input = Float32Array.from({ length: shape.reduce((product, length) => product * length, 1) }, (_, i) => ((i * 31) % 256) / 255);
  const feeds = { [session.inputNames[0] ?? '']: new Tensor('float32', input, shape) };
  return latency(await repeated(count, seconds, () => session.run(feeds)));
}

/** The built program on a source, watched for some seconds as a screen sees it. */
async function watched(source: string, seconds: number): Promise<Delays> {
  const started = performance.now();
  const served = await serve({ sources: [source], readyWithinMs: 90_000 });
  try {
    const readyAfterSeconds = rounded((performance.now() - started) / 1000);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const metrics = (await served.get('/metrics')).body;
    const streams = JSON.parse((await served.get('/api/v1/streams')).body) as readonly { readonly provider: string }[];
    const masks = served.client.of('mask').map(({ timing }) => timing as { capturedAt: number; publishedAt: number; anticipated: boolean });
    const delays = (anticipated: boolean): Latency | null => {
      const values = masks.filter((mask) => mask.anticipated === anticipated).map((mask) => mask.publishedAt - mask.capturedAt);
      return values.length === 0 ? null : latency(values);
    };
    return {
      provider: streams[0]?.provider ?? 'none',
      readyAfterSeconds,
      seconds,
      masks: masks.length,
      published: { anticipated: delays(true), notAnticipated: delays(false) },
      anticipations: counts(metrics, 'anticipations_total', 'outcome'),
      frames: counts(metrics, 'frames_total', 'fate'),
    };
  } finally {
    await served.stop();
  }
}

function counts(metrics: string, name: string, label: string): Record<string, number> {
  const lines = metrics.matchAll(new RegExp(`^angiocast_${name}\\{[^}]*${label}="([^"]*)"[^}]*\\} ([0-9.e+-]+)$`, 'gm'));
  const found: Record<string, number> = {};
  for (const [, key = '', value] of lines) found[key] = (found[key] ?? 0) + Number(value);
  return found;
}

/** Frames a second that an ffmpeg decodes with and without NVDEC. */
function nvdec(recording: string, seconds: number): Results['nvdec'] {
  const { stdout, error } = spawnSync('ffmpeg', ['-hide_banner', '-hwaccels'], { encoding: 'utf8', timeout: 10_000 });
  if (error) return { missing: 'no ffmpeg on the PATH; the packed one has no NVDEC' };
  if (!/^cuda$/m.test(stdout)) return { missing: 'the ffmpeg on the PATH was built without NVDEC' };
  const rate = (...how: string[]): number => {
    const started = performance.now();
    execFileSync('ffmpeg', ['-v', 'error', ...how, '-i', recording, '-f', 'null', '-'], { timeout: 20_000 });
    return rounded((seconds * 60) / ((performance.now() - started) / 1000));
  };
  try {
    return { nvdecFps: rate('-hwaccel', 'cuda', '-hwaccel_output_format', 'cuda'), oneThreadFps: rate('-threads', '1') };
  } catch (cause) {
    return { missing: message(cause) };
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      work: { type: 'string' },
      seconds: { type: 'string', default: '170' },
      inferences: { type: 'string', default: '1000' },
      watch: { type: 'string', default: '30' },
      python: { type: 'string', default: 'python3' },
      recipe: { type: 'string', default: path.join(root, 'scripts/gpu') },
    },
  });
  const [seconds, inferences, watchAtMost] = [Number(values.seconds), Number(values.inferences), Number(values.watch)];
  if (!values.out || !values.work || !(seconds > 0) || !(inferences > 0) || !(watchAtMost > 0)) {
    process.stderr.write('Expected --out DIR --work DIR, and --seconds, --inferences and --watch above 0\n');
    process.exit(2);
  }
  const [out, work, python] = [values.out, values.work, values.python];
  for (const folder of [out, work]) mkdirSync(folder, { recursive: true });
  const began = performance.now();
  const left = (): number => seconds - (performance.now() - began) / 1000;
  const results: Results = {
    machine: {
      gpu: printed('nvidia-smi', '--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'),
      processor: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
      node: process.version,
      vulkanDriver: process.env['VK_DRIVER_FILES'] ?? 'as the loader finds it',
      python: printed(python, '--version'),
    },
    providers: {},
    latency: [],
    program: {},
    nvdec: { missing: 'not reached' },
    seconds: 0,
    finished: false,
  };
  const keep = (): void => {
    results.seconds = rounded((performance.now() - began) / 1000);
    for (const [file, text] of [
      ['results.json', JSON.stringify(results, null, 2)],
      ['report.md', report(results)],
    ] as const) {
      writeFileSync(path.join(out, `${file}.part`), text);
      renameSync(path.join(out, `${file}.part`), path.join(out, file));
    }
  };
  /** A step, unless too little time is left; never throws, and what it found is kept at once. */
  const step = async <T>(
    name: string,
    takes: number,
    run: () => Promise<T | Missing> | T | Missing,
    found: (result: T | Missing) => void,
  ): Promise<void> => {
    process.stderr.write(`${results.seconds.toFixed(0).padStart(4)} s  ${name}\n`);
    if (left() < takes) found({ missing: `not begun: ${left().toFixed(0)} s left` });
    else {
      try {
        found(await run());
      } catch (cause) {
        found({ missing: message(cause) });
      }
    }
    keep();
  };

  const watch = Math.max(5, Math.min(watchAtMost, seconds / 6));
  const ffmpeg = await findFfmpeg().then(
    ({ path }) => path,
    () => null,
  );
  const recording = path.join(work, 'monitor-1080p60.mp4');
  const made =
    ffmpeg === null
      ? Promise.reject(new Error('no ffmpeg; is load-2 here?'))
      : inChild<null>(['record', ffmpeg, recording, String(watch)], 60_000);
  made.catch(() => undefined);

  const usable: Provider[] = [];
  for (const provider of PROVIDERS) {
    const probe = async (): Promise<ProviderResult> => {
      const reason = unavailableReason(provider);
      if (reason !== undefined) return { missing: reason };
      const started = performance.now();
      const report = await lastValueFrom(probeProvider({ folder: BUNDLE, provider, threads: THREADS, timeoutMs: (1000 * seconds) / 5 }));
      if (report.kind === 'failed') return { missing: report.reason };
      usable.push(provider);
      const { typicalMs, nodes, onProvider } = report;
      return { goldenMs: rounded(typicalMs), nodes, onProvider, readyAfterSeconds: rounded((performance.now() - started) / 1000) };
    };
    await step(`provider ${provider}`, seconds / 10, probe, (result) => (results.providers[provider] = result));
  }
  // The recording is made beside the trials, not beside what is timed.
  await step(
    'recording',
    5,
    () => made,
    (result) => result !== null && (results.program['1080p60'] = result),
  );

  const batched = path.join(work, 'batched.onnx');
  await step(
    'graph for batches',
    5,
    () => void execFileSync(python, [path.join(values.recipe, 'batch_graph.py'), path.join(BUNDLE, 'model.onnx'), batched]),
    () => undefined,
  );
  const graph = existsSync(batched) ? batched : path.join(BUNDLE, 'model.onnx');
  const most = seconds / 20;
  const measure = async (provider: Provider): Promise<void> => {
    const row = async (path: LatencyRow['path'], batch: number, run: () => Promise<LatencyRow['result']>): Promise<void> => {
      const keepRow = (result: LatencyRow['result']): void => void results.latency.push({ provider, path, batch, result });
      await step(`latency ${provider}, ${path}, batch ${batch}`, most + 5, run, keepRow);
    };
    const patience = 1000 * (most + 30);
    await row('program', 1, () => inChild(['program', provider, String(inferences), String(most)], patience));
    for (const batch of BATCHES) {
      const [count, within] = batch === 1 ? [inferences, most] : [Math.ceil(inferences / 5), most / 2];
      const args = [provider, String(count), String(within), String(batch)];
      await row('bare', batch, () => inChild(['bare', graph, ...args], patience));
      if (provider !== 'webgpu') await row('python', batch, () => inPython(python, values.recipe, graph, args, patience));
    }
  };
  for (const provider of usable.filter((each) => each !== 'cpu')) await measure(provider);
  const sources: readonly (readonly [string, string])[] = [
    ['simulated suite', 'phantom:#seed=7'],
    ['1080p60', `file:${recording}#rate=source&repeat=1`],
  ];
  for (const [name, source] of sources) {
    if (results.program[name] !== undefined) continue;
    await step(
      `program, ${name}`,
      watch + 8,
      () => watched(source, watch),
      (result) => (results.program[name] = result),
    );
  }
  await step(
    'NVDEC',
    5,
    () => nvdec(recording, watch),
    (result) => (results.nvdec = result),
  );
  await measure('cpu');
  results.finished = true;
  keep();
  process.stdout.write(report(results));
  process.exit(0);
}

function inPython(python: string, recipe: string, graph: string, args: readonly string[], timeoutMs: number): Promise<Latency> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, [path.join(recipe, 'python_latency.py'), graph, ...args, String(THREADS)], { timeout: timeoutMs });
    let [output, stderrTail] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderrTail = (stderrTail + chunk.toString()).slice(-1000)));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(latency((JSON.parse(output) as { milliseconds: number[] }).milliseconds));
      else reject(new Error(stderrTail.trim() || `ended with ${code}`));
    });
  });
}

async function role([name, ...args]: readonly string[]): Promise<unknown> {
  if (name === 'record') return recordMonitor({ ffmpeg: args[0] ?? '', video: args[1] ?? '', seconds: Number(args[2]) }).then(() => null);
  if (name === 'program') return throughWorker(args[0] as Provider, Number(args[1]), Number(args[2]));
  const [graph = '', provider, count, seconds, batch] = args;
  return bare(provider as Provider, graph, Number(batch), Number(count), Number(seconds));
}

if (process.send === undefined) void main();
else {
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  void role(process.argv.slice(2)).then(
    (value) => process.send?.({ value: value ?? null }),
    (cause: unknown) => process.send?.({ missing: message(cause) }),
  );
}
