import { spawnSync } from 'node:child_process';

/** Something a suite cannot do without: `check` is a shell command that succeeds where it is there. */
export interface Need {
  readonly check: string;
  /** The Debian packages that bring it, or another way in words. */
  readonly install: string;
}

/** Ends a suite at its beginning, in one line, where something is missing; a suite that silently did nothing would be worse than none. */
export function needs(...all: readonly Need[]): void {
  const missing = all.filter(({ check }) => spawnSync('sh', ['-c', check], { stdio: 'ignore', timeout: 30_000 }).status !== 0);
  if (missing.length > 0) throw new Error(`install first: ${missing.map(({ install }) => install).join(' ')}`);
}
