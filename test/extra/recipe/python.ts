import { spawnSync } from 'node:child_process';
import type { Need } from '../needs';

const TRAINING = 'models/training';

/** Every package that the recipe names, whatever its version. */
const installed = `import importlib.metadata as m; [m.version(line.split('==')[0]) for line in open('${TRAINING}/requirements.txt')]`;

export const recipeNeeds: readonly Need[] = [
  { check: 'command -v ffmpeg', install: 'ffmpeg' },
  {
    check: `python3 -c "${installed}"`,
    install: `python3-venv; then python3 -m venv .venv, .venv/bin/pip install -r ${TRAINING}/requirements.txt, and .venv/bin in front of the PATH`,
  },
];

/** Runs a command and returns its standard output; throws its output when it fails. */
export function ran(command: string, ...args: string[]): Buffer {
  const { status, stdout, stderr, error } = spawnSync(command, args, { maxBuffer: 2 ** 28, timeout: 900_000 });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(status)}: ${stderr.toString()}${stdout.toString()}`);
  return stdout;
}

/** Runs a script of models/training. */
export const recipe = (script: string, ...args: string[]): string => ran('python3', `${TRAINING}/${script}`, ...args).toString();

export const angiocast = (...args: string[]): string => ran(process.execPath, 'dist/main.node.js', ...args).toString();
