import { type ChildProcess, spawn, type SpawnOptions, spawnSync } from 'node:child_process';

/** Grace period of a child that was asked to end. */
const patienceMs = 700;

/** Ends a child process: SIGTERM first, SIGKILL within a second. */
export function endChild(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  child.once('exit', () => clearTimeout(timer));
}

const children = new Set<ChildProcess>();
/** The living children of this thread. */
export const childPids = (): number[] => [...children].flatMap(({ pid }) => pid ?? []);

let listener: ((pid: number, alive: boolean) => void) | null = null;

/** Reports the children of this thread: a thread that is terminated has no time to end them. */
export function onChild(listen: (pid: number, alive: boolean) => void): void {
  listener = listen;
}

/**
 * Starts a child that ends with us: when our process exits, it kills its children; and where possible (Linux with
 * util-linux), they also die when we are killed.
 */
export function startChild(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = diesWithParent() ? spawn('setpriv', ['--pdeathsig', 'KILL', command, ...args], options) : spawn(command, args, options);
  if (children.size === 0) process.on('exit', killAll);
  children.add(child);
  const { pid } = child;
  if (pid !== undefined) listener?.(pid, true);
  child.once('close', () => {
    children.delete(child);
    if (pid !== undefined) listener?.(pid, false);
    if (children.size === 0) process.off('exit', killAll);
  });
  return child;
}

let canTie: boolean | null = null;

function diesWithParent(): boolean {
  canTie ??=
    process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true'], { stdio: 'ignore', timeout: 2000 }).status === 0;
  return canTie;
}

function killAll(): void {
  for (const child of children) child.kill('SIGKILL');
}
