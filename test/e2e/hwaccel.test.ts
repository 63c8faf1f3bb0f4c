import { spawnSync } from 'node:child_process';
import { bundledFfmpeg } from '../../src/acquire/ffmpeg/binary.node';
import { run, scratch } from '../acquire/ffmpegs';
import { root, type Served, serve } from './serve';

/** Hardware that this system has nowhere. */
const missing = process.platform === 'darwin' ? 'd3d11va' : 'videotoolbox';
const folder = scratch();
let served: Served | undefined;
let source = '';
beforeAll(async () => {
  const bundled = await bundledFfmpeg();
  if (typeof bundled === 'string') throw new Error(bundled);
  const encoded = ['-pix_fmt', 'yuv420p', '-c:v', 'libx264', folder.path('a.mp4')];
  await run(bundled.path, '-f', 'lavfi', '-i', 'testsrc=s=320x240:r=10', '-t', '2', ...encoded);
  source = `${folder.path('a.mp4')}#repeat=1&hwaccel=${missing}`;
}, 30_000);
afterAll(async () => {
  await served?.stop('SIGKILL');
  folder.remove();
});

it('logs once why hardware does not decode a source, and counts no loss', async () => {
  served = await serve({ sources: [source] });
  const said = (): readonly string[] => served?.log().split('\n') ?? [];
  const passes = (): number => said().filter((line) => line.includes('"connected"')).length;
  for (let wait = 0; wait < 200 && passes() < 3; wait += 1) await new Promise((resolve) => setTimeout(resolve, 100));
  expect(passes()).toBeGreaterThanOrEqual(3);

  const lines = said().filter((line) => line.includes('without hardware'));
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    ...{ level: 40, stream: 'stream-1', hwaccel: missing, msg: 'decoded without hardware' },
    reason: expect.stringMatching(/^(No device|Unrecognized)/) as string,
  });
  const { body } = await served.get('/metrics');
  expect(body).not.toMatch(/^angiocast_reconnects_total\{.*\} [1-9]/m);
  expect(body).toMatch(/^angiocast_frames_total\{.*\} [1-9]/m);
}, 90_000);

it('shows it in `angiocast probe`', () => {
  const { stdout, status } = spawnSync(process.execPath, ['dist/main.node.js', 'probe', source], {
    ...{ cwd: root, encoding: 'utf8', timeout: 30_000 },
  });
  expect([status, stdout]).toEqual([0, expect.stringMatching(new RegExp(`^without hardware +${missing}: (No device|Unrecognized)`, 'm'))]);
}, 40_000);
