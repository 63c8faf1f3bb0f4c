import { execFile } from 'node:child_process';
import { chmod, constants, access } from 'node:fs/promises';
import { type FfmpegCapabilities, toCapabilities } from './capabilities';

export interface Ffmpeg extends FfmpegCapabilities {
  readonly path: string;
  readonly origin: 'FFMPEG_PATH' | 'system' | 'bundled';
}

/**
 * The ffmpeg to use: FFMPEG_PATH, which must work if it is set; else the one on the search path, else the bundled one.
 * Rejects with a one-line Error if none works.
 */
export async function findFfmpeg(env: NodeJS.ProcessEnv = process.env): Promise<Ffmpeg> {
  const requested = env['FFMPEG_PATH'];
  if (requested !== undefined && requested !== '') {
    const found = await tryFfmpeg(requested, 'FFMPEG_PATH');
    if (typeof found === 'string') throw new Error(`FFMPEG_PATH: expected a working ffmpeg, got "${requested}" (${found})`);
    return found;
  }
  const system = await tryFfmpeg('ffmpeg', 'system');
  if (typeof system !== 'string') return system;
  const bundled = await bundledFfmpeg();
  if (typeof bundled !== 'string') return bundled;
  throw new Error(
    `no working ffmpeg: none on the search path (${system}), and the bundled one fails (${bundled}); install ffmpeg or set FFMPEG_PATH`,
  );
}

/** The ffmpeg of the npm package, or why it fails. Made executable here, as npm may have skipped install scripts. */
export async function bundledFfmpeg(): Promise<Ffmpeg | string> {
  try {
    const { path } = (await import('@ffmpeg-installer/ffmpeg')) as unknown as { path: string };
    await access(path, constants.X_OK).catch(() => chmod(path, 0o755));
    return await tryFfmpeg(path, 'bundled');
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  }
}

async function tryFfmpeg(path: string, origin: Ffmpeg['origin']): Promise<Ffmpeg | string> {
  const ask = async (...args: string[]) => (await run(path, ['-hide_banner', ...args])).stdout;
  const version = await run(path, ['-version']);
  if (version.failure !== null) return version.failure;
  if (!/^ffmpeg version/m.test(version.stdout)) return 'it does not answer like ffmpeg';
  const [options, showinfo, scdet, rtsp, devices, lookup] = await Promise.all([
    ask('-h', 'long'),
    ask('-h', 'filter=showinfo'),
    ask('-h', 'filter=scdet'),
    ask('-h', 'demuxer=rtsp'),
    ask('-devices'),
    // Port 1 refuses at once; only whether the look-up crashes matters.
    run(path, ['-nostdin', '-i', 'tcp://localhost:1?timeout=1000000']),
  ]);
  return { path, origin, ...toCapabilities({ version: version.stdout, options, showinfo, scdet, rtsp, devices }, !lookup.crashed) };
}

interface RunResult {
  readonly stdout: string;
  readonly failure: string | null;
  readonly crashed: boolean;
}

function run(path: string, args: readonly string[]): Promise<RunResult> {
  return new Promise((resolve) => {
    execFile(path, args, { timeout: 10_000, maxBuffer: 16 * 1024 * 1024, windowsHide: true }, (error, stdout) => {
      const signal = error?.signal ?? null;
      resolve({
        stdout,
        failure: error ? (error.message.split('\n')[0] ?? 'it fails') : null,
        crashed: signal === 'SIGSEGV' || signal === 'SIGABRT',
      });
    });
  });
}
