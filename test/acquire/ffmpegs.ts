import { createHash } from 'node:crypto';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundledFfmpeg, type Ffmpeg, findFfmpeg } from '../../src/acquire/ffmpeg/binary.node';
import { frameSource } from '../../src/acquire/frame-source.node';
import type { Source } from '../../src/acquire/source';
import { parseSource } from '../../src/acquire/source-uri';
import type { Clock } from '../../src/core/clock';

export const clock: Clock = { now: () => performance.timeOrigin + performance.now() };

/** The bundled ffmpeg, and the system's where there is one. */
export async function everyFfmpeg(): Promise<readonly Ffmpeg[]> {
  const bundled = await bundledFfmpeg();
  const found = await findFfmpeg();
  if (typeof bundled === 'string') throw new Error(bundled);
  return found.origin === 'bundled' ? [bundled] : [bundled, found];
}

export const source = (uri: string, ffmpeg: Ffmpeg): Source => frameSource(parseSource(uri), { ffmpeg, clock, streamId: 'test' });

export function run(binary: string, ...args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, ['-v', 'error', '-nostdin', '-y', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${binary} ${args.join(' ')}: ${code}`))));
  });
}

/** Starts an encoder that pushes a recording in real time. */
export function push(binary: string, video: string, url: string): ChildProcess {
  const args = ['-v', 'error', '-nostdin', '-re', '-i', video, '-c', 'copy', '-f', 'rtsp', '-rtsp_transport', 'tcp', url];
  return spawn(binary, args, { stdio: 'ignore' });
}

export function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.on('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const digest = (pixels: Uint8Array): string => createHash('md5').update(pixels).digest('hex');

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

/** A temporary folder for one test file. */
export function scratch(): { readonly path: (name: string) => string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'angiocast-'));
  return { path: (name) => join(folder, name), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Process ids of our own living children whose command line contains a text. */
export function childrenWith(text: string): Promise<readonly number[]> {
  return new Promise((resolve, reject) => {
    execFile('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], (error, out) => {
      if (error) return reject(new Error(error.message));
      const rows = out.split('\n').map((row) => /^\s*(\d+)\s+(\d+)\s+\S+\s+(.*)$/.exec(row) ?? []);
      const ours = rows.filter(([, , parent, args]) => Number(parent) === process.pid && args?.includes(text));
      resolve(ours.map(([, pid]) => Number(pid)));
    });
  });
}
