import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ffmpeg from 'fluent-ffmpeg';
import { Observable } from 'rxjs';
import type { Clock } from '../../core/clock';
import type { FfmpegArgs } from './arguments';
import { endChild, startChild } from './child.node';
import type { PipeReader, ProcessEvent } from './process-event';

export interface FfmpegProcessParts {
  readonly clock: Clock;
  readonly kill: Observable<unknown>;
  /** Whether to leave its output unread, for a while. */
  readonly paused?: Observable<boolean> | undefined;
  /** Whom to ask where its output is to be read to. */
  readonly reader?: PipeReader;
}

/**
 * Runs one ffmpeg, as long as it is subscribed to. Completes when the process is gone and all it had written has been read. Unsubscribing ends it: politely
 * first, so that an RTSP server hears of it, and for certain within a second. When `kill` emits, it is ended at once, and the events go on to its exit.
 *
 * fluent-ffmpeg builds the command. The process is ours: `run()` would start two more processes first, to list codecs and formats, and would put another
 * buffer between the pipe and us.
 */
export function ffmpegProcess(
  binary: string,
  args: FfmpegArgs,
  { clock, kill, paused, reader }: FfmpegProcessParts,
): Observable<ProcessEvent> {
  return new Observable((subscriber) => {
    let killed = false;
    let failedToStart: string | null = null;
    let unread = '';

    const readBytes = (bytes: Uint8Array): void => subscriber.next({ kind: 'bytes', bytes, at: clock.now() });
    const readLines = (text: string): void => {
      const lines = (unread + text).split(/\r?\n|\r/);
      unread = (lines.pop() ?? '').slice(-4096);
      for (const line of lines) subscriber.next({ kind: 'line', line });
    };

    const start = (pipe: PipePair | null): void => {
      if (subscriber.closed) return destroy(pipe);
      const child = startChild(binary, commandLine(args), {
        ...{ stdio: ['ignore', pipe ? pipe.far : 'pipe', 'pipe'], shell: false, windowsHide: true },
      });
      pipe?.far.destroy();
      child.stdout?.on('data', readBytes);
      child.stderr?.setEncoding('utf8').on('data', readLines);
      child.on('error', (error) => (failedToStart ??= child.pid === undefined ? error.message : null));
      void Promise.all([exited(child), pipe && closed(pipe)]).then(([{ code, signal }]) => {
        if (unread !== '') readLines('\n');
        // Started through another program (startChild), it is that one which says that there is nothing to execute: by its exit code (POSIX, env).
        if (code === 126 || code === 127) failedToStart ??= 'it cannot be executed';
        subscriber.next({ kind: 'exit', code, signal, failedToStart, killed });
        subscriber.complete();
      });
      const killNow = (): void => {
        killed = true;
        child.kill('SIGKILL');
      };
      if (killed) killNow();
      subscriber.add(kill.subscribe(killNow));
      const output = pipe?.near ?? child.stdout;
      subscriber.add(paused?.subscribe((pause) => (pause ? output?.pause() : output?.resume())));
      subscriber.add(() => {
        // Nobody reads any more: an ffmpeg that waits to write ends by that alone.
        destroy(pipe);
        child.stdout?.destroy();
        endChild(child);
      });
    };

    const early = kill.subscribe(() => (killed = true));
    subscriber.add(early);
    void pipePair(readBytes, () => reader?.into() ?? null).then((pipe) => {
      early.unsubscribe();
      start(pipe);
    });
  });
}

const exited = (child: ChildProcess): Promise<{ readonly code: number | null; readonly signal: string | null }> =>
  new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));

/** Whatever ends it: an error says no more than that. */
const closed = ({ near }: PipePair): Promise<void> =>
  new Promise((resolve) => near.on('error', () => undefined).on('close', () => resolve()));

function destroy(pipe: PipePair | null): void {
  pipe?.near.destroy();
  pipe?.far.destroy();
}

function commandLine({ inputOptions, input, outputOptions }: FfmpegArgs): readonly string[] {
  // One by one: those of a list would be split at a space.
  const command = ffmpeg(input)
    .inputOptions(...inputOptions)
    .outputOptions(...outputOptions);
  return (command as unknown as { _getArguments(): readonly string[] })._getArguments();
}

/** Larger than what the kernel keeps of a pipe. */
const BUFFER_BYTES = 262_144;

export interface PipePair {
  /** Told of by `onBytes`; emits `close` when the other end is closed and all was read. */
  readonly near: Socket;
  /** For a child process to write to. Destroy it here once the child has it. */
  readonly far: Socket;
}

/**
 * A pipe that is read to where `into` says, else into one buffer over and over: a child's own `stdout` allocates memory for each piece, 30 times a frame. `onBytes` is given the
 * piece for as long as it takes to return. Null where there is no such pipe: Windows, or no place for its name.
 */
export async function pipePair(onBytes: (bytes: Uint8Array) => void, into: () => Uint8Array | null): Promise<PipePair | null> {
  if (process.platform === 'win32') return null;
  const folder = await mkdtemp(join(tmpdir(), 'angiocast-pipe-')).catch(() => null);
  if (folder === null) return null;
  const path = join(folder, 'pipe');
  const server = createServer({ pauseOnConnect: true });
  try {
    await listening(server, path);
    const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
    const callback = (count: number, buffer: Uint8Array): boolean => {
      onBytes(buffer.subarray(0, count));
      return true;
    };
    const spare = Buffer.allocUnsafeSlow(BUFFER_BYTES);
    const near = connect({ path, onread: { buffer: () => into() ?? spare, callback } });
    const failed = new Promise<never>((_, reject) => near.once('error', reject));
    return { near, far: await Promise.race([accepted, failed]) };
  } catch {
    return null;
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const listening = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => void server.once('error', reject).listen(path, resolve));
