import { spawnSync } from 'node:child_process';
import { freePort, root } from './serve';

function calibrate(...args: readonly string[]): { readonly status: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/main.node.js', 'probe', '--calibrate', ...args], {
    ...{ cwd: root, encoding: 'utf8', timeout: 60_000 },
  });
  return { status, out: stdout, err: stderr };
}

describe('angiocast probe --calibrate', () => {
  it.each([
    ['a recording', ['run.mp4'], 'source: expected a monitor that is captured now, got run.mp4'],
    ['the simulated suite', ['phantom:#seed=3'], 'source: expected a monitor that is captured now, got phantom:'],
    ['a port that is none', ['rtsp://127.0.0.1/x', '--port', '99999'], 'port: expected a whole number from 0 to 65535, got "99999"'],
  ])('refuses %s with exit code 2', (_, args, line) => {
    expect(calibrate(...args)).toEqual({ status: 2, out: '', err: `angiocast: ${line}\n` });
  });

  it.each(['host', 'port'])('is missed, with exit code 2, where there is a %s for its page', (key) => {
    const { status, stderr } = spawnSync(process.execPath, ['dist/main.node.js', 'probe', 'phantom:', `--${key}`, '0'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([2, `angiocast: ${key}: expected --calibrate with it, got probe alone\n`]);
  });

  it('offers no page while no picture comes', async () => {
    const { status, out, err } = calibrate(`rtsp://127.0.0.1:${await freePort()}/x`);
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(/^angiocast: rtsp:.*refused.*\n$/);
  });
});
