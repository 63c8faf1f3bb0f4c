import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as after } from 'node:timers/promises';
import { ownLoad } from '../../src/acquire/connection/own-load.node';

const children: ChildProcess[] = [];
afterAll(() => children.forEach((child) => child.kill('SIGKILL')));

const started = async (code: string): Promise<() => number[]> => {
  const child = spawn(process.execPath, ['-e', `console.log(1); ${code}`], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return () => (child.pid === undefined ? [] : [child.pid]);
};

it('finds no overload where this thread and its children wait most of the time', async () => {
  const busy = ownLoad(await started('setInterval(() => undefined, 1000);'));
  await after(400);
  expect(busy()).toBeNull();
});

it('blames analysis when this thread is always busy', async () => {
  const busy = ownLoad(await started('setInterval(() => undefined, 1000);'));
  await after(0);
  for (const until = performance.now() + 400; performance.now() < until;);
  expect(busy()).toBe('analysis');
});

it('blames decoding when a child is always busy or waiting for a processor', async () => {
  const busy = ownLoad(await started('for (;;);'));
  await after(500);
  expect(['machine', process.platform === 'linux' ? 'decoder' : null]).toContain(busy());
});

it('keeps its answer for a moment: less is too little to judge', async () => {
  const children = await started('for (;;);');
  const busy = ownLoad(children);
  await after(500);
  const said = busy();
  expect([busy(), busy()]).toEqual([said, said]);
});

it('ignores a child that is gone', async () => {
  const busy = ownLoad(() => [2 ** 22 + 1]);
  await after(300);
  expect(() => busy()).not.toThrow();
});
