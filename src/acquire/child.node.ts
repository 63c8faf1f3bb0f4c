import type { ChildProcess } from 'node:child_process';

/** How long a child that was asked to end may take. */
const patienceMs = 700;

/** Ends a child process: politely first, and for certain within a second. Node reaps it. */
export function end(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  child.once('exit', () => clearTimeout(timer));
}

const children = new Set<ChildProcess>();

/** When our process exits, however hastily, it takes this child with it. */
export function endWithUs(child: ChildProcess): void {
  if (children.size === 0) process.on('exit', killAll);
  children.add(child);
  child.once('close', () => {
    children.delete(child);
    if (children.size === 0) process.off('exit', killAll);
  });
}

function killAll(): void {
  for (const child of children) child.kill('SIGKILL');
}
