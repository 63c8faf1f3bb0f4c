import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import type { Busy } from './shed-load';

/** A thread that works, or waits for a processor, for more of the time than this cannot do more. */
const FULL = 0.85;
/** A machine with less idle time than this has none. */
const IDLE = 0.05;
/** What happened in less time says nothing. */
const SHORTEST_MS = 200;

interface Measured {
  readonly at: number;
  readonly loop: EventLoopUtilization;
  /** Time at work or waiting for a processor of each thread of the children, ms; empty where the system does not tell (it does on Linux). */
  readonly children: ReadonlyMap<string, number>;
  /** Of all processors; null where the children tell. */
  readonly machine: { readonly idle: number; readonly total: number } | null;
}

/**
 * Tells whether it is this machine that does not keep up with a stream: since it was asked before, this thread (looking) or one of its children (decoding) was at work, or
 * waited for a processor, nearly all the time. Where the system does not tell about children: or all processors were.
 */
export function ownLoad(children: () => Iterable<number>): () => Busy | null {
  let before = measure(children());
  let busy: Busy | null = null;
  return () => {
    if (performance.now() - before.at < SHORTEST_MS) return busy;
    const now = measure(children());
    const wallMs = now.at - before.at;
    const thread = performance.eventLoopUtilization(now.loop, before.loop).utilization;
    const shares = [...now.children].map(([task, ms]) => (ms - (before.children.get(task) ?? ms)) / wallMs);
    const decoding = Math.max(0, ...shares) > FULL || hasNoIdleTime(before.machine, now.machine);
    before = now;
    busy = thread > FULL ? 'looking' : decoding ? 'decoding' : null;
    return busy;
  };
}

const hasNoIdleTime = (before: Measured['machine'], now: Measured['machine']): boolean =>
  before !== null && now !== null && now.idle - before.idle < IDLE * (now.total - before.total);

function measure(children: Iterable<number>): Measured {
  const tasks = [...children].flatMap(tasksOf);
  const machine = tasks.length > 0 ? null : processors();
  return { at: performance.now(), loop: performance.eventLoopUtilization(), children: new Map(tasks), machine };
}

function processors(): { readonly idle: number; readonly total: number } {
  const times = cpus().map((cpu) => cpu.times);
  const idle = times.reduce((sum, time) => sum + time.idle, 0);
  const total = times.reduce((sum, { idle, user, sys, nice, irq }) => sum + idle + user + sys + nice + irq, 0);
  return { idle, total };
}

/** Threads of a process, and for how long each has run or waited to run (proc(5), schedstat: both in nanoseconds). */
function tasksOf(pid: number): [task: string, ms: number][] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((task) => {
      const [ran = 0, waited = 0] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ').map(Number);
      return [task, (ran + waited) / 1e6];
    });
  } catch {
    return [];
  }
}
