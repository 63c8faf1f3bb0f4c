import { spawnSync } from 'node:child_process';

/** A requirement of a suite: `check` is a shell command that succeeds where it is met. */
export interface Need {
  readonly check: string;
  /** The Debian packages to install, or other instructions. */
  readonly install: string;
}

/** Fails a suite at once, in one line, when something is missing: better than a suite that silently does nothing. */
export function needs(...all: readonly Need[]): void {
  const missing = all.filter(({ check }) => spawnSync('sh', ['-c', check], { stdio: 'ignore', timeout: 30_000 }).status !== 0);
  if (missing.length > 0) throw new Error(`install first: ${missing.map(({ install }) => install).join(' ')}`);
}
