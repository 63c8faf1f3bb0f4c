import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from './client';
import { freePort, root } from './serve';
import { smallFeed } from './small-feeds';

const folder = mkdtempSync(path.join(tmpdir(), 'angiocast-disk-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('writes nothing to the disk while it serves, and leaves nothing there', async () => {
  const places = Object.fromEntries(
    ['cwd', 'HOME', 'TMPDIR', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME'].map((name) => [
      name,
      path.join(folder, name),
    ]),
  );
  const touched: string[] = [];
  const watchers = Object.entries(places).map(([name, place]) => {
    mkdirSync(place);
    return watch(place, (_event, file) => touched.push(`${name}/${String(file)}`));
  });
  const port = await freePort();
  const program = spawn(
    process.execPath,
    [path.join(root, 'dist/main.node.js'), 'serve', '--port', String(port), '--source', smallFeed()],
    {
      // ONNX Runtime tells its maker nothing where CI or ORT_DISABLE_TELEMETRY stands: the program must not need them.
      ...{
        cwd: places['cwd'],
        env: { ...process.env, CI: undefined, ORT_DISABLE_TELEMETRY: undefined, ...places },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    },
  );
  let log = '';
  program.stderr.on('data', (text: Buffer) => (log += text.toString()));
  try {
    for (const deadline = Date.now() + 60_000; !log.includes('listening') && Date.now() < deadline;)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const client = await connect(`ws://127.0.0.1:${port}/ws?topics=mask,frame,run`);
    const { run } = await client.waitFor('a final mask', ({ type, status }) => type === 'mask' && status === 'final', 120_000);
    for (const name of ['keyframe', 'mask', 'overlay'])
      expect((await fetch(`http://127.0.0.1:${port}/api/v1/runs/${String(run)}/${name}.png`)).status).toBe(200);
    client.close();
  } finally {
    program.kill('SIGTERM');
    await new Promise((resolve) => program.once('exit', resolve));
    watchers.forEach((watcher) => watcher.close());
  }
  expect(Object.values(places).flatMap((place) => readdirSync(place))).toEqual([]);
  // Trying a GPU writes a profile, which is read and removed. A pipe has a name until both of its ends are open.
  expect(touched.filter((name) => !/^TMPDIR\/angiocast-(probe|pipe)-/.test(name))).toEqual([]);
}, 240_000);
