import { spawnSync } from 'node:child_process';

/** A process at work, as `ps` shows it. */
interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly args: string;
}

/** All of them, without zombies. */
function running(): readonly Running[] {
  const { stdout } = spawnSync('ps', ['-e', '-ww', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return stdout.split('\n').flatMap((row): Running[] => {
    const [, pid, parent, state = 'Z', args = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(row) ?? [];
    return state.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
  });
}

/** The ffmpeg that reads this URL for the program. */
export function readerOf(url: string): number {
  const reader = running().find(({ args }) => args.includes(`-i ${url} `) && args.includes('rawvideo'));
  if (!reader) throw new Error(`no ffmpeg reads ${url}`);
  return reader.pid;
}

/** Everything that a process started, and what that started. */
export function descendants(ancestor: number): readonly number[] {
  const all = running();
  const found = new Set([ancestor]);
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  found.delete(ancestor);
  return [...found];
}

/** Which of them still run. */
export function living(pids: readonly number[]): readonly number[] {
  const all = new Set(running().map(({ pid }) => pid));
  return pids.filter((pid) => all.has(pid));
}
