import type { ChildProcess } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { builtFile } from '../../core/package.node';
import { endChild, startChild } from '../ffmpeg/child.node';

/** The program that draws and encodes the simulated suite; only the build contains it. */
export const phantomProgram = builtFile('phantom/feed/feed.node.js');

/** How long a reader takes to listen. */
const headStartMs = 200;

/** Which patients (`seed`), and acquisitions per second (`rate`). */
interface Suite {
  readonly seed: number;
  readonly rate: number;
}

/**
 * Starts the simulated suite: it connects to `url`, where an ffmpeg is about to listen, and pushes MPEG-TS. If it was
 * too early, it is started again. The returned function ends it.
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

/** A free port of the loopback interface. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
