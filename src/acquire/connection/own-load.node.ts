import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import type { Bottleneck } from './shed-load';

/** A thread that runs, or waits for a processor, for more of the time than this is at its limit. */
const FULL = 0.85;
/** A machine with a smaller share of idle time has none to spare. */
const IDLE = 0.1;
/** Shorter measurements say nothing. */
const SHORTEST_MS = 200;

interface Measurement {
  readonly at: number;
  readonly loop: EventLoopUtilization;
  /** Time each thread of the children ran or waited for a processor, in ms; empty except on Linux. */
  readonly children: ReadonlyMap<string, number>;
  readonly machine: Processors;
}

/** Times of all processors since boot, in ms. */
interface Processors {
  readonly idle: number;
  readonly total: number;
}

/**
 * Whether this machine is too slow for a stream, and where: since the previous call, this thread (analysis) or a
 * child's (decoder) has run, or waited for a processor, nearly all the time. Where the system does not report times of
 * children, the decoder counts as busy if all processors were.
 */
export function ownLoad(children: () => Iterable<number>): () => Bottleneck | null {
  let before = measure(children());
  let bottleneck: Bottleneck | null = null;
  return () => {
    if (performance.now() - before.at < SHORTEST_MS) return bottleneck;
    const now = measure(children());
    const wallMs = now.at - before.at;
    const thread = performance.eventLoopUtilization(now.loop, before.loop).utilization;
    const shares = [...now.children].map(([task, ms]) => (ms - (before.children.get(task) ?? ms)) / wallMs);
    const full = now.machine.idle - before.machine.idle < IDLE * (now.machine.total - before.machine.total);
    const decoding = now.children.size === 0 ? full : Math.max(0, ...shares) > FULL;
    before = now;
    bottleneck = thread > FULL ? 'analysis' : !decoding ? null : full ? 'machine' : 'decoder';
    return bottleneck;
  };
}

function measure(pids: Iterable<number>): Measurement {
  const children = new Map([...pids].flatMap(tasksOf));
  return { at: performance.now(), loop: performance.eventLoopUtilization(), children, machine: processors() };
}

function processors(): Processors {
  const times = cpus().map((cpu) => cpu.times);
  const idle = times.reduce((sum, time) => sum + time.idle, 0);
  const total = times.reduce((sum, { idle, user, sys, nice, irq }) => sum + idle + user + sys + nice + irq, 0);
  return { idle, total };
}

/** How long each thread of a process has run or waited to run (proc(5), schedstat, in nanoseconds). */
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
