import { type ChildProcess, fork } from 'node:child_process';
import { connect } from 'node:net';
import path from 'node:path';
import { ffmpegPath } from '../e2e/ffmpeg';
import { freePort, root } from '../e2e/serve';
import type { Ailment } from './camera-process';
import { feed, type FeedName } from './feeds';

export const builtCamera = path.join(root, 'out', 'faults', 'camera-process.js');

/** An RTSP server that shows one of the recordings, over and over. */
export interface Camera {
  readonly url: string;
  /** Pictures that have gone by since it was opened last. */
  pictures(): number;
  ails(ailment: Partial<Ailment>): void;
  signal(signal: NodeJS.Signals): void;
  /** Ends it as a power cut does, and starts it anew with this feed. */
  restart(name?: FeedName): Promise<void>;
  close(): Promise<void>;
}

/** Where a camera runs: on this machine, or behind a command that puts it elsewhere. */
export interface CameraPlace {
  readonly address?: string;
  readonly command?: readonly string[];
}

export async function startCamera(name: FeedName, { address = '127.0.0.1', command = [] }: CameraPlace = {}): Promise<Camera> {
  const port = await freePort();
  let running: ChildProcess | undefined;
  let pictures = 0;
  const start = async (shown: FeedName): Promise<void> => {
    const input = ['-re', '-stream_loop', '-1', '-i', feed(shown), '-c', 'copy'];
    const [execPath = process.execPath, ...execArgv] = [...command, ...(command.length > 0 ? [process.execPath] : [])];
    running = fork(builtCamera, [String(port), ffmpegPath, '1', ...input], {
      execPath,
      execArgv,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await new Promise<void>((resolve, reject) => {
      running?.once('message', () => resolve()).once('exit', () => reject(new Error('the camera ended')));
      running?.on('message', (told: { readonly pictures: number }) => ({ pictures } = told));
    });
  };
  const end = (): Promise<unknown> => {
    const child = running;
    if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    return ended;
  };
  await start(name);
  return {
    url: `rtsp://${address}:${port}/live`,
    pictures: () => pictures,
    ails: (ailment) => void running?.send(ailment),
    signal: (signal) => void running?.kill(signal),
    restart: async (shown = name) => {
      await end();
      await start(shown);
    },
    close: async () => void (await end()),
  };
}

/** Whether a server listens there. */
export const listens = (port: number, host = '127.0.0.1'): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host });
    socket.once('connect', () => (socket.destroy(), resolve(true))).once('error', () => resolve(false));
  });
