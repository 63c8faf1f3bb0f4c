/** What waits for a GPU, tried in miniature on the CPU of a machine as bare as that one: scripts/gpu, docs/gpu.md. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needs } from '../needs';
import { angiocast, ran, recipeNeeds } from '../recipe/python';
import { bareMachine } from './bare-machine';

needs(
  ...recipeNeeds,
  { check: 'command -v xz', install: 'xz-utils' },
  { check: 'command -v ip', install: 'iproute2' },
  { check: 'unshare -n -p -f --mount-proc true', install: 'mount, and run as root' },
);

const folder = mkdtempSync(join(tmpdir(), 'gpu-'));
const at = (...names: string[]): string => join(folder, ...names);
const on = bareMachine(folder);
const environment = { ANGIOCAST_GPU_WORK: at('work') };
const results = (out: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as Record<string, unknown>;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => {
  // A copy is all that the other machine gets.
  ran('scripts/gpu/pack.sh', '--quick', '--without-cuda', '--limit', '120');
  cpSync('out/gpu', at('pack'), { recursive: true });
}, 480_000);

describe('pack.sh', () => {
  it('refuses what it cannot do, in one line', () => {
    const { status, stderr } = spawnSync('scripts/gpu/pack.sh', ['--all'], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/^usage: .*\n$/) as string });
  });

  it('gathers two loads', () => {
    expect(readdirSync(at('pack', 'load-1')).sort()).toEqual(expect.arrayContaining(['node.tar.xz', 'program.tar.xz']));
    expect(readdirSync(at('pack', 'load-2'))).toEqual(['ffmpeg.tar.xz']);
  });
});

describe('run.sh on a bare machine', () => {
  it('reports what is missing where nothing has arrived', () => {
    cpSync(at('pack', 'run.sh'), at('nothing', 'gpu', 'x', 'run.sh'));
    const { status, output } = on({ ANGIOCAST_GPU_WORK: at('elsewhere') }, at('nothing', 'gpu', 'x', 'run.sh'), 'inference');
    expect({ status, output }).toEqual({ status: 2, output: expect.stringMatching(/^run\.sh: no program in .*load-1.*\n$/) as string });
  });

  it('explains itself', () => {
    const { status, output } = on(environment, at('pack', 'run.sh'), 'everything');
    expect(status).toBe(2);
    expect(output).toContain('run.sh inference');
  });

  it('measures providers, latencies and the whole program', () => {
    const out = at('inference');
    const { status, output } = on(
      { ...environment, OUT: out },
      at('pack', 'run.sh'),
      'inference',
      ...['--minutes', '2.5', '--inferences', '4', '--watch', '5'],
    );
    process.stdout.write(output);
    expect(status).toBe(0);
    expect(results(out)).toMatchObject({
      finished: true,
      providers: {
        cpu: { nodes: expect.any(Number) as number },
        cuda: { missing: expect.stringContaining('is not installed') as string },
        webgpu: { missing: expect.stringMatching(/./) as string },
      },
      program: { 'simulated suite': { provider: 'cpu', frames: { unique: expect.any(Number) as number } }, '1080p60': { provider: 'cpu' } },
      nvdec: { missing: 'no ffmpeg on the PATH; the packed one has no NVDEC' },
    });
    const rows = results(out)['latency'] as readonly { readonly path: string; readonly batch: number; readonly result: object }[];
    expect(rows.map(({ path, batch }) => `${path} ${batch}`)).toEqual([
      'program 1',
      ...[1, 4, 16].flatMap((n) => [`bare ${n}`, `python ${n}`]),
    ]);
    for (const { result } of rows) expect(result).toMatchObject({ p50: expect.any(Number) as number });
  }, 300_000);

  it('leaves what it had when it is cut', () => {
    const out = at('cut');
    const { status } = on({ ...environment, OUT: out }, 'timeout', '-s', 'KILL', '15', at('pack', 'run.sh'), 'inference');
    expect(status).toBe(137);
    expect(results(out)).toMatchObject({ finished: false, providers: { cpu: { nodes: expect.any(Number) as number } } });
    expect(readFileSync(join(out, 'report.md'), 'utf8')).toContain('Cut or still running');
  }, 60_000);

  it('trains, evaluates and exports bundles that the program takes, cut into parts', () => {
    const out = at('trained');
    const little = ['--cases', '4,3,3', '--widths', '2', '--epochs', '1', '--tdl-epochs', '1'];
    const { status, output } = on({ ...environment, OUT: out }, at('pack', 'run.sh'), 'train', '--minutes', '4', ...little);
    process.stdout.write(output);
    expect(status).toBe(0);
    const files = readdirSync(out);
    expect(files.length).toBeLessThanOrEqual(8);
    expect(files).toEqual(expect.arrayContaining(['results.json', 'curves-w2.png']));
    const parts = files.filter((name) => name.startsWith('bundle-w2.tar.part-')).sort();
    const tar = Buffer.concat(parts.map((name) => readFileSync(join(out, name))));
    const listed = readFileSync(join(out, 'results.json'), 'utf8');
    for (const name of parts)
      expect(listed).toContain(
        createHash('sha256')
          .update(readFileSync(join(out, name)))
          .digest('hex'),
      );
    writeFileSync(at('bundle.tar'), tar);
    ran('tar', '-C', folder, '-xf', at('bundle.tar'));
    const bundle = readdirSync(folder)
      .map((name) => at(name))
      .find((path) => existsSync(join(path, 'model.json')) && path !== at('pack'));
    angiocast('phantom', '--out', at('patients'), '--cases', '1', '--seed', '5');
    expect(angiocast('evaluate', '--model', bundle ?? '', '--data', at('patients'), '--provider', 'cpu')).toMatch(/Dice/i);
  }, 300_000);
});
