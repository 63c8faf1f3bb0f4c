import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, root, serve, type Served } from '../e2e/serve';
import { needs } from '../extra/needs';
import { feed } from './feeds';
import { until } from './sleep';
import { keep } from './table';
import { trial } from './trial';

needs({
  check: 'test "$(id -u)" = 0 && mount --version',
  install: 'mount; and run as root: disks are filled and made read-only by mounting small ones',
});

const folder = mkdtempSync(path.join(tmpdir(), 'angiocast-storage-'));
const mounted: string[] = [];
/** A disk of its own, of this many KiB. */
function disk(name: string, kib: number): string {
  const where = path.join(folder, name);
  mkdirSync(where);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k`, 'none', where]);
  mounted.push(where);
  return where;
}
/** Fills it to the last byte. */
function full(name: string): string {
  const where = disk(name, 64);
  spawnSync('dd', ['if=/dev/zero', `of=${path.join(where, 'ballast')}`, 'bs=1k']);
  return where;
}
function readOnly(name: string): string {
  const where = disk(name, 64);
  execFileSync('mount', ['-o', 'remount,ro', where]);
  return where;
}

let served: Served | undefined;
afterEach(async () => {
  await served?.stop();
  served = undefined;
});
afterAll(() => {
  for (const where of mounted) execFileSync('umount', ['-l', where]);
  rmSync(folder, { recursive: true, force: true });
});

const small = ['--model', 'test/fixtures/bundles/tiny', '--provider', 'cpu'];

it.each([
  ['full', full, 'ENOSPC', ['ballast']],
  ['read-only', readOnly, 'EROFS', []],
] as const)('select reports that the disk is %s, exits with 1, and leaves nothing half written', (name, make, code, rest) => {
  const out = make(`select-${name}`);
  const args = ['dist/main.node.js', 'select', feed('freezes'), '--out', out, ...small];
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', timeout: 60_000 });
  expect(stderr).toMatch(new RegExp(`^angiocast: ${code}\\b.*$`, 'm'));
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect([status, stdout]).toEqual([1, '']);
  expect(readdirSync(out)).toEqual(rest);
  keep({
    fault: `disk ${name}: select`,
    shown: `one line: ${code}; exit code 1`,
    detectedMs: null,
    recoveredMs: null,
    lost: 'the runs not written yet',
    counted: '—',
  });
});

it.each([
  ['full', full],
  ['read-only', readOnly],
] as const)('serve needs no disk: it works where temporary files, home and log lie on one that is %s', async (name, make) => {
  const where = make(`serve-${name}`);
  served = await serve({ sources: [`${feed('freezes')}#id=suite&repeat=1`], args: small, env: { TMPDIR: where, HOME: where } });
  const one = trial(served, 'suite', `disk ${name}: serve`);
  await one.begins();
  await one.strikes();
  await one.recovers(5_000);
  await one.balances();
});

it('goes on serving when its log lies on a disk that is full', async () => {
  const where = disk('log', 64);
  const port = await freePort();
  const config = path.join(folder, 'angiocast.yaml');
  writeFileSync(config, `streams:\n  - { id: suite, source: '${feed('freezes')}#repeat=1' }\n`);
  const log = openSync(path.join(where, 'log'), 'w');
  const args = ['dist/main.node.js', 'serve', '--port', String(port), ...small, '--config', config];
  const program = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', log, log] });
  try {
    const get = async (what: string): Promise<string> => {
      const answer = await fetch(`http://127.0.0.1:${port}/${what}`).catch(() => null);
      return answer?.ok === true ? answer.text() : '';
    };
    await until('it is ready', async () => (await get('readyz')) !== '', 30_000);
    spawnSync('dd', ['if=/dev/zero', `of=${path.join(where, 'ballast')}`, 'bs=1k']);
    const reloads = async (): Promise<number> =>
      Number(/^angiocast_config_reloads_total\{outcome="applied"\} (\d+)/m.exec(await get('metrics'))?.[1]);
    // Each reload writes to the log.
    for (let n = 1; n <= 100; n++) {
      program.kill('SIGHUP');
      await until(`reload ${n}`, async () => program.exitCode !== null || program.signalCode !== null || (await reloads()) >= n, 5000);
    }
    expect([program.exitCode, program.signalCode]).toEqual([null, null]);
    expect(readFileSync(path.join(where, 'log')).length % 4096).toBe(0);
  } finally {
    program.kill('SIGKILL');
  }
});
