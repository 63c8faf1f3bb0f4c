import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordSmallSuite } from '../support/small-suite';
import { ffmpegPath } from './ffmpeg';
import { root, serve, type Served } from './serve';

const folder = mkdtempSync(join(tmpdir(), 'angiocast-area-'));
const video = join(folder, 'suite.mp4');
let served: Served | undefined;

beforeAll(() => recordSmallSuite(video, { seed: 4, patients: 1, ffmpeg: ffmpegPath, width: 640 }), 60_000);
afterEach(async () => {
  await served?.stop();
  served = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cli = (...args: readonly string[]) => spawnSync(process.execPath, ['dist/main.node.js', ...args], { cwd: root, encoding: 'utf8' });

it('reports, once in the log, to programs and as the reason of the state, that a given image area stands still while X-ray runs', async () => {
  served = await serve({ sources: [`file:${video}#id=suite&repeat=1&imageArea=420,40,200,200`] });
  const words = /the image area 420,40,200,200 stands still while [\d,]+ changes like X-ray/;
  await served.client.waitFor(
    'the reason',
    ({ type, state, reason }) => type === 'stream' && state === 'held' && words.test(String(reason)),
    20_000,
  );
  // The row follows with the next picture.
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const rows = JSON.parse((await served.get('/api/v1/streams')).body) as unknown;
  expect(rows).toEqual([expect.objectContaining({ state: 'held', imageAreaHint: expect.stringMatching(words) as string })]);
  expect(served.log().match(/stands still/g)).toHaveLength(1);
}, 60_000);

it('refuses an area outside the picture, in a line with its size, and clips one that reaches out of it', () => {
  const outside = cli('select', `${video}#imageArea=1000,0,200,200`, '--out', join(folder, 'out'));
  expect([outside.status, outside.stderr]).toEqual([
    1,
    expect.stringMatching(/imageArea=1000,0,200,200 lies outside the picture of 640 × 256\n$/) as string,
  ]);
  const cut = cli('probe', `${video}#imageArea=100,0,800,256`);
  expect(cut.stdout).toMatch(/^image area +imageArea=100,0,540,256$/m);
  expect(cut.stdout).toMatch(/^note +imageArea=100,0,800,256 reaches out of the picture of 640 × 256: cut to 100,0,540,256$/m);
}, 60_000);
