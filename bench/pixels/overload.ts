import { cpuLimit } from './cpu-limit';
import type { Feed } from './feed';
import { type ProgramOptions, programRow } from './program';
import { msPerFrame, type Row } from './row';

const SHARES = [1, 1 / 2, 1 / 3, 1 / 5];

/** The program with less and less of the processor time that it needs, which is found first, without a limit. */
export async function overload(feed: Feed, options: Omit<ProgramOptions, 'feed' | 'warm'>, done: (row: Row) => void): Promise<string> {
  const free = await programRow({ ...options, feed });
  const cores = (msPerFrame(free) * feed.recorded.fps * options.streams) / 1000;
  done({ ...free, who: `all, needs ${cores.toFixed(2)} cores` });
  let how = '';
  for (const share of SHARES) {
    const limiter = cpuLimit();
    how = limiter.how;
    try {
      const warm = async (pid: number): Promise<void> => {
        limiter.limit(pid, share * cores, share);
        await new Promise((resolve) => setTimeout(resolve, 1000 * options.warmUpSeconds));
      };
      const row = await programRow({ ...options, feed, warm });
      done({ ...row, who: share === 1 ? 'what it needs' : `1/${Math.round(1 / share)} of it` });
    } finally {
      limiter.release();
    }
  }
  return how;
}
