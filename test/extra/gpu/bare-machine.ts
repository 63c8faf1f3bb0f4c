import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/** What a bare GPU machine does not have. */
const LACKING = /^(node|nodejs|npm|npx|corepack|ffmpeg|ffprobe)$/;

export interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/**
 * Runs a command as on a bare machine: no network but its own loopback, an empty environment, and on the PATH only the
 * system's tools and the Python that is first on ours; no Node, no ffmpeg. Nothing it starts outlives it. Needs root.
 */
export function bareMachine(folder: string): (environment: Record<string, string>, ...command: string[]) => Ended {
  const tools = join(folder, 'bin');
  mkdirSync(tools, { recursive: true });
  for (const from of ['/usr/bin', '/bin', '/usr/sbin', '/sbin'])
    for (const name of readdirSync(from)) {
      if (LACKING.test(name)) continue;
      try {
        symlinkSync(join(from, name), join(tools, name));
      } catch {
        // The same tool from another folder.
      }
    }
  const python = spawnSync('python3', ['-c', 'import sys; print(sys.prefix)'], { encoding: 'utf8' }).stdout.trim();
  return (environment, ...command) => {
    const settings = Object.entries({ PATH: `${python}/bin:${tools}`, HOME: folder, TMPDIR: folder, ...environment });
    const inside = ['bash', '-c', 'ip link set lo up && exec "$@"', 'bare', ...command];
    const { status, stdout, stderr } = spawnSync(
      'unshare',
      ['-n', '-p', '-f', '--mount-proc', '--kill-child', 'env', '-i', ...settings.map(([name, value]) => `${name}=${value}`), ...inside],
      { encoding: 'utf8', timeout: 300_000, maxBuffer: 2 ** 26 },
    );
    return { status, output: stdout + stderr };
  };
}
