import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from './client';
import { freePort, root, serve } from './serve';
import { smallFeed } from './small-feeds';

const folder = mkdtempSync(path.join(tmpdir(), 'angiocast-config-'));
afterAll(() => rmSync(folder, { recursive: true }));
function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly status: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/main.node.js', ...args], {
    ...{ cwd: root, encoding: 'utf8', timeout: 30_000, env: { ...process.env, ...env } },
  });
  return { status, out: stdout, err: stderr };
}
function file(name: string, ...lines: readonly string[]): string {
  const written = path.join(folder, name);
  writeFileSync(written, lines.join('\n'));
  return written;
}

describe('angiocast config', () => {
  it('finds the reference fine', () => {
    expect(run(['config', '--check', '--config', 'angiocast.yaml'])).toEqual({ status: 0, out: 'fine\n', err: '' });
  });

  it.each([
    ['an unknown key', ['prot: 80'], 'prot: expected one of host, port, '],
    [
      'two streams of one id',
      ['streams: [{ source: "phantom:", id: a }, { source: "phantom:", id: a }]'],
      'streams[1].id: expected a unique id',
    ],
    ['a recording that is not there', ['streams: [{ source: missing.mp4 }]'], 'streams[0].source: expected a readable file, got ENOENT'],
    ['a model that is not there', ['model: /nowhere'], '/nowhere/model.json: cannot be read (ENOENT)'],
    ['a file that is no YAML', ['{ port: ['], 'config: expected a readable YAML file'],
  ])('refuses %s in one line with exit code 2', (_, lines, expected) => {
    const { status, out, err } = run(['config', '--check', '--config', file('bad.yaml', ...lines)]);
    expect([status, out, err.trim().split('\n').length]).toEqual([2, '', 1]);
    expect(err).toContain(expected);
  });

  it('lists all errors, a line each, and only the first for `serve`', () => {
    const settings = file(
      'many.yaml',
      ...['prot: 80', 'port: 99999', 'host: 0.0.0.0', 'model: /nowhere', 'logLevel: loud', 'tls: { certificate: a }', 'streams:'],
      ...['  - { source: "phantom:", id: a, pixelSpacingMm: -1, colour: red }', '  - { source: "carrier-pigeon:x", id: a }'],
      ...[
        '  - { id: b }',
        '  - { source: missing.mp4, id: a, expected: sometimes }',
        '  - { source: "rtsp://u:hunter2@host#transport=pigeon" }',
        '  - 7',
      ],
    );
    const { status, out, err } = run(['config', '--check', '--config', settings]);
    expect([status, out]).toEqual([2, '']);
    const lines = err.trim().split('\n');
    expect(lines.map((line) => /^angiocast: ([^:]*):/.exec(line)?.[1]).sort()).toEqual(
      [
        ...['prot', 'port', 'host', '/nowhere/model.json', 'logLevel', 'tls.key', 'streams[0].pixelSpacingMm', 'streams[0].colour'],
        ...['streams[1].source', 'streams[1].id', 'streams[2].source', 'streams[3].expected', 'streams[3].id', 'streams[3].source'],
        ...['streams[4].source option transport', 'streams[5]'],
      ].sort(),
    );
    expect(err).not.toContain('hunter2');
    expect(run(['serve', '--config', settings]).err.trim().split('\n')).toHaveLength(1);
  });

  it('refuses to listen where strangers could connect without a token', () => {
    const settings = file('open.yaml', 'host: 0.0.0.0');
    for (const args of [
      ['config', '--config', settings],
      ['serve', '--config', settings],
      ['serve', '--host', '::'],
    ]) {
      const { status, out, err } = run(args);
      expect([args, status, out, err.trim().split('\n').length]).toEqual([args, 2, '', 1]);
      expect(err).toMatch(
        /^angiocast: host: expected a token .* or --insecure to let everybody in, got "(0\.0\.0\.0|::)" without either$/m,
      );
    }
    expect(run(['config', '--config', settings], { ANGIOCAST_INSECURE: '1' })).toEqual({ status: 0, out: 'fine\n', err: '' });
  });

  it('prints what is in effect, where it comes from, and no secret', () => {
    const settings = file('own.yaml', 'port: 9000', 'streams: [{ source: "rtsp://surgeon:hunter2@127.0.0.1/x" }]');
    const { status, out } = run(['config', '--print', '--config', settings], {
      ANGIOCAST_TOKEN: 'a-very-secret-token',
      ANGIOCAST_OPERATOR_TOKEN: 'a-more-secret-token',
      ANGIOCAST_THREADS: '2',
    });
    expect(status).toBe(0);
    expect(out).toContain('port: 9000 # file\n');
    expect(out).toContain('threads: 2 # ANGIOCAST_THREADS\n');
    expect(out).toContain('# token: not shown # ANGIOCAST_TOKEN\n');
    expect(out).not.toMatch(/hunter2|surgeon|a-(very|more)-secret-token/);
  });
});

it('lets everybody in on every interface if configured so', async () => {
  const served = await serve({ sources: [], args: ['--host', '0.0.0.0', '--insecure'] });
  expect((await served.get('/api/v1/streams')).status).toBe(200);
  expect((await served.stop()).code).toBe(0);
}, 90_000);

it.each(['json', 'pretty'] as const)(
  'shows no password and no token in log (%s), metrics, API or socket',
  async (logFormat) => {
    const settings = file(
      'secret.yaml',
      'logLevel: debug',
      'streams:',
      '  - source: "rtsp://surgeon:hunter2@127.0.0.1:1/x?pwd=swordfish"',
      `  - source: "${smallFeed()}"`,
    );
    const port = await freePort();
    const env = { ...process.env, ANGIOCAST_TOKEN: 'a-very-secret-token', ANGIOCAST_LOG_FORMAT: logFormat, ANGIOCAST_PORT: String(port) };
    const program = spawn(process.execPath, ['dist/main.node.js', 'serve', '--config', settings], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    for (const output of [program.stdout, program.stderr]) output.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const said: string[] = [];
    try {
      for (const deadline = Date.now() + 60_000; !/refused|lost|rtsp:/.test(printed) && Date.now() < deadline;)
        await new Promise((resolve) => setTimeout(resolve, 100));
      program.kill('SIGHUP');
      const headers = { authorization: 'Bearer a-very-secret-token' };
      for (const where of ['/metrics', '/readyz', '/api/v1/streams', '/api/v1/runs', '/openapi.json', '/asyncapi.json'])
        said.push(await (await fetch(`http://127.0.0.1:${port}${where}`, { headers })).text());
      const client = await connect(`ws://127.0.0.1:${port}/ws?token=a-very-secret-token`);
      await client.waitFor('a snapshot', ({ type }) => type === 'snapshot', 10_000);
      said.push(JSON.stringify(client.messages));
      client.close();
    } finally {
      program.kill('SIGTERM');
      await new Promise((resolve) => program.once('exit', resolve));
    }
    expect(printed).toContain('rtsp://***@127.0.0.1:1');
    expect(printed).toContain('configuration reloaded');
    expect([printed, ...said].join('\n')).not.toMatch(/hunter2|swordfish|surgeon|a-very-secret-token/);
    const lines = printed.trim().split('\n');
    if (logFormat === 'json') expect(lines.map((line) => typeof JSON.parse(line))).toEqual(lines.map(() => 'object'));
    else expect(printed).toMatch(/^\[\d\d:\d\d:\d\d[^\]]*\] INFO: /m);
  },
  120_000,
);
