import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ffmpegPath } from '../e2e/ffmpeg';
import { freePort, root, serve, type Served } from '../e2e/serve';
import { inspected, type Inspected } from './inspected';
import { metricsOf } from './ledger';
import { recordSmallSuite, SMALL_IMAGE_AREA } from './small-suite';
import type { SoakReading } from './soak-verdict';

/** A recording that is read over and over, and an encoder that pushes: the two streams that are always there. */
export const STREAMS = ['recorded', 'pushed'] as const;

/** The built program with two streams, and what a test may do to it from outside. */
export interface SoakedProgram {
  readonly served: Served;
  readonly inspector: Inspected;
  /** The encoder that pushes; it is started again when it ends, unless it is kept away. */
  readonly encoder: { signal(signal: NodeJS.Signals): void; keepAway(away: boolean): void };
  /** Kills the ffmpeg that reads the recording. */
  killReader(): Promise<void>;
  /** Has the program read its configuration anew: with or without a third stream, and with which copy of the model. */
  reload(change: { readonly extra?: boolean; readonly model?: 'a' | 'b' }): Promise<void>;
  read(minute: number): Promise<SoakReading>;
  stop(): Promise<void>;
}

/** So large that the pictures of past runs reach their limit of 32 MB within two minutes. */
const MONITOR = { width: 1280, height: 800, fps: 15 };
/** Memory varies within a run, which holds its images: the least of so many looks, over longer than a run, counts. */
const [LOOKS, LOOK_EVERY_MS] = [12, 700];
/**
 * Makes the C library return free memory at once; otherwise gaps in it, up or down 50 MB with each model that is
 * loaded, hide whether anything grows.
 */
const nothingSpare = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' };
const MB = 2 ** 20;

/** `leakMb`: so much is leaked a minute. */
export async function soakedProgram(leakMb: number): Promise<SoakedProgram> {
  const folder = mkdtempSync(path.join(tmpdir(), 'angiocast-soak-'));
  const recorded = path.join(folder, 'recorded.mp4');
  const pushed = path.join(folder, 'pushed.mp4');
  await recordSmallSuite(recorded, { seed: 1, patients: 8, ffmpeg: ffmpegPath, ...MONITOR });
  await recordSmallSuite(pushed, { seed: 2, patients: 8, ffmpeg: ffmpegPath, ...MONITOR });
  for (const version of ['a', 'b']) copyModel(path.join(folder, version), `soak-${version}`);

  const [pushPort, inspectPort] = [await freePort(), await freePort()];
  const file = path.join(folder, 'angiocast.yaml');
  let wanted: { extra: boolean; model: 'a' | 'b' } = { extra: false, model: 'a' };
  const configure = (): void => {
    const line = (id: string, source: string): string => `  - { id: ${id}, source: '${source}', imageArea: '${SMALL_IMAGE_AREA}' }`;
    const lines = [line('recorded', `file:${recorded}#repeat=1`), line('pushed', `rtsp-listen://127.0.0.1:${pushPort}/suite`)];
    if (wanted.extra) lines.push(line('extra', `file:${pushed}#repeat=1`));
    writeFileSync(file, [`model: ${path.join(folder, wanted.model)}`, 'provider: cpu', 'streams:', ...lines, ''].join('\n'));
  };
  configure();

  const leaking = leakMb > 0 ? ` --require ${path.join(root, 'test/fixtures/leak.js')}` : '';
  const env = { NODE_OPTIONS: `--inspect=127.0.0.1:${inspectPort}${leaking}`, LEAK_MB_A_MINUTE: String(leakMb), ...nothingSpare };
  const served = await serve({ sources: [], args: ['--config', file], env, readyWithinMs: 120_000 });
  served.client.close();
  const pid = served.process.pid ?? -1;
  const inspector = await inspected(inspectPort);
  const encoder = pushing(pushed, `rtsp://127.0.0.1:${pushPort}/suite`);

  const reload = async (change: Partial<typeof wanted>): Promise<void> => {
    wanted = { ...wanted, ...change };
    configure();
    const reloads = (): number => served.log().match(/"configuration reloaded"/g)?.length ?? 0;
    const before = reloads();
    served.process.kill('SIGHUP');
    await until(() => reloads() > before, 90_000, 'the configuration was not reloaded');
  };

  const stop = async (): Promise<void> => {
    inspector.close();
    encoder.keepAway(true);
    await served.stop();
    rmSync(folder, { recursive: true });
  };

  return {
    served,
    inspector,
    encoder,
    async killReader() {
      for (const child of await served.children())
        if (readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(recorded)) process.kill(child, 'SIGKILL');
    },
    reload,
    async read(minute) {
      let metrics = '';
      const value = (name: string): number => Number(new RegExp(`^${name} ([0-9.e+-]+)$`, 'm').exec(metrics)?.[1] ?? 0);
      const residentMb = (): number => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
      const [heaps, resident]: [number[], number[]] = [[], []];
      for (let look = 0; look < LOOKS; look += 1) {
        if (look > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
        await inspector.collectGarbage();
        metrics = await metricsOf(served);
        heaps.push((value('nodejs_heap_size_used_bytes') + value('nodejs_external_memory_bytes')) / MB);
        resident.push(residentMb());
      }
      return {
        minute,
        heapMb: Math.min(...heaps),
        residentMb: Math.min(...resident),
        handles: value('nodejs_active_handles_total'),
        timers: value('nodejs_active_resources\\{type="Timeout"\\}'),
        descriptors: readdirSync(`/proc/${pid}/fd`).length,
        processes: (await served.children()).length,
        ...threadsOf(pid),
      };
    },
    stop,
  };
}

/** Counted by the names that the threads have. */
function threadsOf(pid: number): Pick<SoakReading, 'threads' | 'vipsThreads'> {
  const names = readdirSync(`/proc/${pid}/task`).flatMap((task) => {
    try {
      return [readFileSync(`/proc/${pid}/task/${task}/comm`, 'utf8')];
    } catch {
      // It ended meanwhile.
      return [];
    }
  });
  const vipsThreads = names.filter((name) => name.startsWith('libvips')).length;
  return { threads: names.length - vipsThreads, vipsThreads };
}

/** A bundle with another version that computes the same. */
function copyModel(folder: string, version: string): void {
  cpSync(path.join(root, 'models/dsa-ltdnet'), folder, { recursive: true });
  const card = path.join(folder, 'model.json');
  writeFileSync(card, readFileSync(card, 'utf8').replace(/"version": "[^"]*"/, `"version": "${version}"`));
}

function pushing(video: string, url: string): SoakedProgram['encoder'] {
  let child: ChildProcess | undefined;
  let away = false;
  const start = (): void => {
    if (away) return;
    const output = ['-c', 'copy', '-f', 'rtsp', '-rtsp_transport', 'tcp', url];
    child = spawn(ffmpegPath, ['-v', 'error', '-nostdin', '-re', '-stream_loop', '-1', '-i', video, ...output], { stdio: 'ignore' });
    // As an encoder does without a listener.
    child.once('exit', () => setTimeout(start, 500));
  };
  start();
  return {
    signal: (signal) => void child?.kill(signal),
    keepAway(stays) {
      away = stays;
      if (stays) child?.kill('SIGKILL');
      else if (child?.exitCode !== null || child.signalCode !== null) start();
    },
  };
}

export async function until(fits: () => boolean | Promise<boolean>, withinMs: number, otherwise: string): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await fits())) {
    if (performance.now() > deadline) throw new Error(otherwise);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
