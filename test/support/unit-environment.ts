import childProcess from 'node:child_process';
import net from 'node:net';
import workerThreads from 'node:worker_threads';
import { TestEnvironment } from 'jest-environment-node';

type Functions = Record<string, unknown>;
const doors: readonly (readonly [Functions, readonly string[]])[] = [
  [childProcess, ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync']],
  [net.Server.prototype as unknown as Functions, ['listen']],
  [net.Socket.prototype as unknown as Functions, ['connect']],
  [workerThreads, ['Worker']],
];

/** What unit tests run in: starting a process or a thread and opening a socket throw. */
export default class UnitEnvironment extends TestEnvironment {
  private readonly opened: (() => void)[] = [];

  override async setup(): Promise<void> {
    await super.setup();
    for (const [owner, names] of doors)
      for (const name of names) {
        const door = owner[name];
        owner[name] = function refuse(): never {
          throw new Error(
            `Expected a unit test to start no process or thread and to open no socket, got ${name}: name the file x.node.test.ts`,
          );
        };
        this.opened.push(() => void (owner[name] = door));
      }
  }

  override async teardown(): Promise<void> {
    for (const open of this.opened) open();
    await super.teardown();
  }
}
