import { setTimeout as after } from 'node:timers/promises';
import { type Spent, spent } from './process-tree';

/** Waits for so many seconds and gives the most memory that a process and its children had, looked at every second. */
export async function watchedMemory(pid: number, seconds: number): Promise<number> {
  let most = 0;
  for (const end = performance.now() + 1000 * seconds; ;) {
    most = Math.max(most, spent(pid).residentMb);
    const left = end - performance.now();
    if (left <= 0) return most;
    await after(Math.min(1000, left));
  }
}

/** What a process and its children, the process alone, and everything else on the machine spent meanwhile. */
export const between = (
  before: Spent,
  later: Spent,
): { readonly seconds: number; readonly cpuMs: number; readonly ownMs: number; readonly othersMs: number } => ({
  seconds: (later.at - before.at) / 1000,
  cpuMs: later.cpuMs - before.cpuMs,
  ownMs: later.ownMs - before.ownMs,
  othersMs: Math.max(0, later.machineMs - before.machineMs - (later.cpuMs - before.cpuMs)),
});

/** The wall clock, from a monotonic one. */
export const epoch = (at: number): number => performance.timeOrigin + at;
