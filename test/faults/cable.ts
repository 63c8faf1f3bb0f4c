import { execFileSync } from 'node:child_process';
import type { CameraPlace } from './camera';

/** A separate network behind a cable that can be pulled silently: no RST, no FIN, no ICMP. Needs root. */
export interface Cable {
  readonly far: CameraPlace;
  pull(): void;
  plug(): void;
  /** From now on so much goes through it towards us. */
  narrow(kilobitsPerSecond: number): void;
  widen(): void;
  remove(): void;
}

export function layCable(name: string): Cable {
  const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  // What does not go through at once waits as long as it takes, and is not lost.
  const shape = (rate: string): void =>
    ip(
      'netns',
      'exec',
      name,
      ...['tc', 'qdisc', 'replace', 'dev', `${name}b`, 'root', 'handle', '1:', 'tbf'],
      ...['rate', rate, 'burst', '64kb', 'limit', '8mb'],
    );
  const net = `10.203.${process.pid % 250}`;
  const [near, far] = [`${net}.1`, `${net}.2`];
  ip('netns', 'add', name);
  ip('link', 'add', `${name}a`, 'type', 'veth', 'peer', 'name', `${name}b`, 'netns', name);
  ip('addr', 'add', `${near}/30`, 'dev', `${name}a`);
  ip('link', 'set', `${name}a`, 'up');
  for (const link of [`${name}b`, 'lo']) ip('-n', name, 'link', 'set', link, 'up');
  ip('-n', name, 'addr', 'add', `${far}/30`, 'dev', `${name}b`);
  return {
    far: { address: far, command: ['/usr/bin/env', 'ip', 'netns', 'exec', name] },
    pull: () => ip('-n', name, 'route', 'add', 'blackhole', `${near}/32`),
    plug: () => ip('-n', name, 'route', 'del', 'blackhole', `${near}/32`),
    narrow: (rate) => shape(`${rate}kbit`),
    widen: () => shape('1gbit'),
    remove: () => ip('netns', 'del', name),
  };
}
