import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { bundled } from '../support/bundled';

it('does not keep the process from ending when its worker is stuck in native code', () => {
  const program = bundled(resolve(__dirname, 'exit-while-stuck.ts'));
  const started = performance.now();
  const { stdout, signal } = spawnSync(process.execPath, [program], {
    encoding: 'utf8',
    timeout: 15_000,
  });
  expect(stdout).toBe('exit\n');
  if (process.platform !== 'win32') expect(signal).toBe('SIGKILL');
  expect(performance.now() - started).toBeLessThan(9000); // the worker is stuck for 12 s
}, 20_000);
