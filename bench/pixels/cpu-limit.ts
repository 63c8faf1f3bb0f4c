import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { members } from './process-tree';

/** Takes processors away from a program and what it starts. */
export interface CpuLimit {
  /** In words. */
  readonly how: string;
  /** Leaves it so many cores, which is such a share of what it would use. */
  limit(pid: number, cores: number, share: number): void;
  /** After the program has ended. */
  release(): void;
}

/** Short, so that what is taken away is taken as other programs take it, in slices. */
const PERIOD_US = 20_000;

/** The kernel's own limit where it may be set (cgroup v2, v1), otherwise stop and continue as cpulimit does. */
export function cpuLimit(): CpuLimit {
  const group = (parent: string): string => `${parent}/angiocast-bench-${process.pid}`;
  const bounded = (how: string, folder: string, set: (microseconds: number) => void): CpuLimit => ({
    how,
    limit(pid, cores) {
      set(Math.max(1000, Math.round(cores * PERIOD_US)));
      for (const each of members(pid)) if (existsSync(`/proc/${each}`)) writeFileSync(`${folder}/cgroup.procs`, String(each));
    },
    release: () => rmdirSync(folder),
  });
  try {
    if (existsSync('/sys/fs/cgroup/cgroup.controllers')) {
      const folder = group('/sys/fs/cgroup');
      writeFileSync('/sys/fs/cgroup/cgroup.subtree_control', '+cpu');
      mkdirSync(folder);
      return bounded('cgroup v2, cpu.max', folder, (quota) => writeFileSync(`${folder}/cpu.max`, `${quota} ${PERIOD_US}`));
    }
    const folder = group('/sys/fs/cgroup/cpu');
    readFileSync('/sys/fs/cgroup/cpu/cpu.cfs_quota_us');
    mkdirSync(folder);
    return bounded('cgroup v1, cpu.cfs_quota_us', folder, (quota) => {
      writeFileSync(`${folder}/cpu.cfs_period_us`, String(PERIOD_US));
      writeFileSync(`${folder}/cpu.cfs_quota_us`, String(quota));
    });
  } catch {
    return stopAndGo();
  }
}

function stopAndGo(): CpuLimit {
  let timer: NodeJS.Timeout | undefined;
  const tell = (all: readonly number[], signal: NodeJS.Signals): void => {
    for (const pid of all)
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended meanwhile.
      }
  };
  return {
    how: 'stopped and continued',
    limit(pid, _, share) {
      const cycleMs = (2 * PERIOD_US) / 1000;
      timer = setInterval(() => {
        tell(members(pid), 'SIGSTOP');
        setTimeout(() => tell(members(pid), 'SIGCONT'), cycleMs * (1 - share));
      }, cycleMs);
    },
    release: () => clearInterval(timer),
  };
}
