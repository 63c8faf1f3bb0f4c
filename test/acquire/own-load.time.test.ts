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

it('blames nobody where this thread and its children wait most of the time', async () => {
  const busy = ownLoad(await started('setInterval(() => undefined, 1000);'));
  await after(400);
  expect(busy()).toBeNull();
});

it('says that looking takes all the time when this thread does', async () => {
  const busy = ownLoad(await started('setInterval(() => undefined, 1000);'));
  await after(0);
  for (const until = performance.now() + 400; performance.now() < until;);
  expect(busy()).toBe('analysis');
});

it('says that decoding does when a child is at work, or waits for a processor, all the time', async () => {
  const busy = ownLoad(await started('for (;;);'));
  await after(500);
  expect(['machine', process.platform === 'linux' ? 'decoder' : null]).toContain(busy());
});

it('keeps its word for a moment: what happened in less says nothing', async () => {
  const children = await started('for (;;);');
  const busy = ownLoad(children);
  await after(500);
  const said = busy();
  expect([busy(), busy()]).toEqual([said, said]);
});

it('does not mind a child that is gone', async () => {
  const busy = ownLoad(() => [2 ** 22 + 1]);
  await after(300);
  expect(() => busy()).not.toThrow();
});
