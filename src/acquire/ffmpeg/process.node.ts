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
  /** Whether to stop reading its output for now. */
  readonly paused?: Observable<boolean> | undefined;
  /** Says where to read its output to. */
  readonly reader?: PipeReader;
}

/**
 * Runs an ffmpeg for as long as it is subscribed to. Completes once the process has exited and all its output has been
 * read. Unsubscribing ends it, first with SIGTERM, so that an RTSP server is told, and within a second in any case.
 * When `kill` emits, it is killed at once, and the events continue to its exit.
 *
 * fluent-ffmpeg builds the command, but does not run it: its `run()` would first start two more processes to list
 * codecs and formats, and put another buffer between the pipe and us.
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
        // Started through `setpriv` (startChild), it reports a failed exec only by its exit code (POSIX).
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
      // Also its log, which runs ahead of the pictures where many are equal.
      const outputs = [pipe?.near ?? child.stdout, child.stderr];
      subscriber.add(paused?.subscribe((pause) => outputs.forEach((output) => (pause ? output?.pause() : output?.resume()))));
      subscriber.add(() => {
        // With its pipe closed, an ffmpeg that is blocked on writing ends by itself.
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

/** Also after an error: the exit of the process explains it. */
const closed = ({ near }: PipePair): Promise<void> =>
  new Promise((resolve) => near.on('error', () => undefined).on('close', () => resolve()));

function destroy(pipe: PipePair | null): void {
  pipe?.near.destroy();
  pipe?.far.destroy();
}

function commandLine({ inputOptions, input, outputOptions }: FfmpegArgs): readonly string[] {
  // As separate arguments: items of an array would be split at spaces.
  const command = ffmpeg(input)
    .inputOptions(...inputOptions)
    .outputOptions(...outputOptions);
  return (command as unknown as { _getArguments(): readonly string[] })._getArguments();
}

/** Larger than the kernel's pipe buffer. */
const BUFFER_BYTES = 262_144;

export interface PipePair {
  /** Emits `close` when the other end is closed and everything has been read. */
  readonly near: Socket;
  /** For a child process to write to. Destroy it here once the child has it. */
  readonly far: Socket;
}

/**
 * A pipe that is read into the memory that `into` returns, or else into one buffer over and over: a child's own
 * `stdout` allocates memory for each piece, 30 times a frame. `onBytes` may use the piece only until it returns. Null
 * where there is no such pipe: on Windows, or if its temporary folder cannot be made.
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
