import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';
import { type Client, connect } from './client';

export const root = path.resolve(__dirname, '../..');

/** How the program came to its end. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** From the signal to the end. */
  readonly milliseconds: number;
}

/** The running program, as its users see it. */
export interface Served {
  readonly url: string;
  readonly process: ChildProcess;
  /** Connected as soon as the server listened, with every topic, so that it misses nothing. */
  readonly client: Client;
  /** What it printed so far, on both channels. */
  log(): string;
  /** A GET as text; `status` 0 means that nobody answered. */
  get(path: string): Promise<{ readonly status: number; readonly body: string }>;
  /** Process ids of everything the program started that is still alive. */
  children(): Promise<readonly number[]>;
  /** Sends the signal and waits for the end; after 10 s it is killed. */
  stop(signal?: NodeJS.Signals): Promise<Exit>;
}

export interface ServeOptions {
  readonly sources: readonly string[];
  /** Any free one unless given. */
  readonly port?: number;
  /** Further arguments of `serve`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** How long it may take until /readyz answers 200. */
  readonly readyWithinMs?: number;
}

/**
 * Starts `angiocast serve` on a port of the loopback, connects a client and waits until it is ready. Fails with the
 * program's output when it ends or is not ready in time.
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const port = options.port ?? (await freePort());
  const args = ['dist/main.node.js', 'serve', '--host', '127.0.0.1', '--port', String(port), ...(options.args ?? [])];
  for (const source of options.sources) args.push('--source', source);
  const program = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  program.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  program.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const ended = new Promise<void>((resolve) => program.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;

  const get = async (where: string): Promise<{ status: number; body: string }> => {
    try {
      const answer = await fetch(url + where, { signal: AbortSignal.timeout(5_000) });
      return { status: answer.status, body: await answer.text() };
    } catch {
      return { status: 0, body: '' };
    }
  };

  let client: Client | undefined;
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> => {
    client?.close();
    const asked = performance.now();
    if (program.exitCode === null && program.signalCode === null) {
      program.kill(signal);
      const late = setTimeout(() => program.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(late);
    }
    return { code: program.exitCode, signal: program.signalCode, milliseconds: performance.now() - asked };
  };

  const deadline = performance.now() + (options.readyWithinMs ?? 60_000);
  for (;;) {
    if (program.exitCode !== null || program.signalCode !== null) throw new Error(`angiocast ended with ${program.exitCode}: ${printed}`);
    if (performance.now() > deadline) {
      await stop('SIGKILL');
      throw new Error(`angiocast was not ready in time: ${printed}`);
    }
    client ??= await connect(`${url.replace('http', 'ws')}/ws?topics=mask,keyframe,run,stability,stream,frame`).catch(() => undefined);
    if (client !== undefined && (await get('/readyz')).status === 200) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { url, process: program, client, log: () => printed, get, children: () => descendants(program.pid ?? -1), stop };
}

/** A port of the loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

/** The ids of all processes below one, by `ps`. */
async function descendants(ancestor: number): Promise<readonly number[]> {
  const listing = await new Promise<string>((resolve, reject) => {
    const ps = spawn('ps', ['-e', '-o', 'pid=,ppid='], { stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    ps.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    ps.once('error', reject);
    ps.once('close', () => resolve(text));
  });
  const pairs = listing
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found = new Set([ancestor]);
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const [pid, parent] of pairs) if (pid !== undefined && parent !== undefined && found.has(parent)) found.add(pid);
  }
  found.delete(ancestor);
  return [...found];
}
