import { type ChildProcess, spawn } from 'node:child_process';

/** A server in a separate process, for tests that read from it and stop it. */
export interface ServerProcess {
  readonly url: string;
  /** Sends the signal and waits for the end. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts the server again on the same port; resolves when it listens. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface ServerCommand {
  readonly url: string;
  readonly command: string;
  readonly args: readonly string[];
  /** What the server prints when it listens. */
  readonly listening: string;
}

export async function startServerProcess({ url, command, args, listening }: ServerCommand): Promise<ServerProcess> {
  let running: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    running = child;
    await new Promise<void>((resolve, reject) => {
      let printed = '';
      const late = setTimeout(() => reject(new Error(`${command} does not listen: ${printed}`)), 20_000);
      const heard = (chunk: Buffer): void => {
        printed += chunk.toString();
        if (!printed.includes(listening)) return;
        clearTimeout(late);
        resolve();
      };
      child.stdout.on('data', heard);
      child.stderr.on('data', heard);
      child.once('error', reject);
      child.once('exit', (code) => {
        clearTimeout(late);
        reject(new Error(`${command} ended with ${code}: ${printed}`));
      });
    });
  };
  const kill = async (signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
    const child = running;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  };
  await start();
  return { url, kill, restart: () => kill().then(start), close: () => kill('SIGKILL') };
}
