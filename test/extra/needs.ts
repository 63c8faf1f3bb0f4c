import { spawnSync } from 'node:child_process';

/** Something a suite cannot do without: `check` is a shell command that succeeds where it is there. */
export interface Need {
  readonly check: string;
  /** The Debian packages that bring it, or another way in words. */
  readonly install: string;
}

/** Fails a suite at once, in one line, when something is missing: better than a suite that silently does nothing. */
export function needs(...all: readonly Need[]): void {
  const missing = all.filter(({ check }) => spawnSync('sh', ['-c', check], { stdio: 'ignore', timeout: 30_000 }).status !== 0);
  if (missing.length > 0) throw new Error(`install first: ${missing.map(({ install }) => install).join(' ')}`);
}
