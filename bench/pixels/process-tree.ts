import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What a process and everything it started cost so far. */
export interface Spent {
  readonly cpuMs: number;
  readonly residentMb: number;
  /** Of the process itself, without its children. */
  readonly ownMs: number;
  /** Of everything that runs on the machine. */
  readonly machineMs: number;
  readonly at: number;
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const pageMb = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' })) / 2 ** 20;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly own: number;
  /** Of children that ended and were waited for. */
  readonly gone: number;
  readonly resident: number;
}

/** proc(5), /proc/PID/stat: the name in brackets may hold anything, the rest are numbers. */
function stat(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [, parent = 0] = fields;
    const [user = 0, system = 0, goneUser = 0, goneSystem = 0] = fields.slice(11, 15);
    return { pid, parent, own: user + system, gone: goneUser + goneSystem, resident: fields[21] ?? 0 };
  } catch {
    return null;
  }
}

/** All but idle and waiting, of all processors; guests count among users. */
function busy(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = readFileSync('/proc/stat', 'utf8')
    .split(/ +|\n/)
    .slice(1)
    .map(Number);
  return user + nice + system + irq + softirq + steal;
}

/** User and system time of a process and all its descendants, ended ones included, and their memory. Linux. */
export function spent(root: number): Spent {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const stats = all.flatMap((name) => stat(Number(name)) ?? []);
  const tree = stats.filter(({ pid }) => pid === root);
  for (const each of tree) tree.push(...stats.filter(({ parent }) => parent === each.pid));
  const ms = (ticks: number): number => (1000 * ticks) / ticksPerSecond;
  return {
    cpuMs: ms(tree.reduce((sum, { own, gone }) => sum + own + gone, 0)),
    residentMb: tree.reduce((sum, { resident }) => sum + resident, 0) * pageMb,
    ownMs: ms(tree[0]?.own ?? 0),
    machineMs: ms(busy()),
    at: performance.now(),
  };
}

/** All processes of the tree, the first one included. */
export function members(root: number): readonly number[] {
  const stats = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (stat(Number(name)) ?? []) : []));
  const tree = [root];
  for (const pid of tree) tree.push(...stats.filter(({ parent }) => parent === pid).map((each) => each.pid));
  return tree;
}
