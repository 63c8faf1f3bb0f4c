import type { ChildProcess } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { builtFile } from '../../core/package.node';
import { endChild, startChild } from '../ffmpeg/child.node';

/** The program that paints the simulated suite and encodes it; it lies beside us when built. */
export const phantomProgram = builtFile('phantom/feed/feed.node.js');

/** How long a reader takes until it listens. */
const headStartMs = 200;

/** Which patients, and how many acquisitions a second. */
interface Suite {
  readonly seed: number;
  readonly rate: number;
}

/**
 * Starts the simulated suite: it connects to `url`, where an ffmpeg is about to listen, and pushes MPEG-TS. One that came too early is started again, until
 * the returned function ends it.
 */
export function startPhantom({ seed, rate }: Suite, url: string, ffmpeg: string): () => void {
  let child: ChildProcess | null = null;
  let stopped = false;
  let timer = setTimeout(start, headStartMs);

  function start(): void {
    const args = [phantomProgram, '--url', url, '--ffmpeg', ffmpeg, '--seed', String(seed), '--rate', String(rate)];
    child = startChild(process.execPath, args, { stdio: 'ignore', windowsHide: true });
    child.on('error', () => undefined);
    child.on('close', (code) => {
      if (code !== 0 && !stopped) timer = setTimeout(start, headStartMs);
    });
  }

  return () => {
    clearTimeout(timer);
    stopped = true;
    if (child) endChild(child);
  };
}

/** A port of the loopback interface that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
