import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundledFfmpeg, findFfmpeg } from '../../src/acquire/ffmpeg/binary.node';
import { isOld } from '../../src/acquire/ffmpeg/capabilities';
import { connect } from './client';
import { freePort, root } from './serve';
import { smallFeed } from './small-feeds';

/** Planted wherever a secret may be given, as it is written and as it is meant. */
const secrets = ['hunter-%C3%A4%23-two', 'hunter-ä#-two', 'swordfish-three', 'a-planted-token-one', 'a-planted-token-two', 'surgeon-name'];
const [token, operatorToken] = ['a-planted-token-one', 'a-planted-token-two'];
const planted = new RegExp(secrets.join('|'));

const folder = mkdtempSync(path.join(tmpdir(), 'angiocast-secrets-'));
let server: Server;
let camera = '';
beforeAll(async () => {
  // A camera that echoes its request in an answer that ffmpeg logs.
  server = createServer((socket) => {
    const say = (request: Buffer): void => {
      const [, sequence = '1'] = /CSeq: (\d+)/i.exec(request.toString()) ?? [];
      const isKnown = /Authorization: Basic/i.test(request.toString());
      const status = isKnown
        ? '500 hunter-ä#-two of rtsp://surgeon-name:hunter-%C3%A4%23-two@nowhere/'
        : '401 Unauthorized\r\nWWW-Authenticate: Basic realm="swordfish-three"';
      socket.write(`RTSP/1.0 ${status}\r\nCSeq: ${sequence}\r\n\r\n`);
    };
    socket.on('error', () => undefined).on('data', say);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  camera = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const source = (): string => `rtsp://surgeon-name:hunter-%C3%A4%23-two@${camera}/x?password=swordfish-three`;
function file(name: string, ...lines: readonly string[]): string {
  const written = path.join(folder, name);
  writeFileSync(written, lines.join('\n'));
  return written;
}
function run(...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, ['dist/main.node.js', ...args], { cwd: root, encoding: 'utf8', timeout: 40_000 });
  return `$ ${args[0]}\n${stdout}${stderr}`;
}
const kinds = async (): Promise<readonly NodeJS.ProcessEnv[]> => {
  const bundled = await bundledFfmpeg();
  if (typeof bundled === 'string') throw new Error(bundled);
  return [{ ANGIOCAST_LOG_FORMAT: 'json' }, { ANGIOCAST_LOG_FORMAT: 'pretty', FFMPEG_PATH: bundled.path }];
};

it('shows no planted secret in log, metrics, answers or messages, whatever a camera sends and however a reload fails', async () => {
  for (const environment of await kinds()) {
    const port = await freePort();
    const lines = [
      `port: ${port}`,
      'logLevel: debug',
      `token: ${token}`,
      `operatorToken: ${operatorToken}`,
      'streams:',
      `  - source: "${source()}"`,
      `  - source: "${smallFeed()}"`,
    ];
    const settings = file('planted.yaml', ...lines);
    const program = spawn(process.execPath, ['dist/main.node.js', 'serve', '--config', settings], {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    for (const output of [program.stdout, program.stderr]) output.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const until = async (words: RegExp): Promise<void> => {
      for (const deadline = Date.now() + 60_000; !words.test(printed); await new Promise((resolve) => setTimeout(resolve, 50)))
        if (Date.now() > deadline) throw new Error(`Waited in vain for ${String(words)} in ${printed}`);
    };
    const said: string[] = [];
    const ask = async (where: string, options: RequestInit = {}): Promise<void> => {
      const answer = await fetch(`http://127.0.0.1:${port}${where}`, options);
      answer.headers.forEach((value, name) => said.push(`${name}: ${value}`));
      said.push(`${where}\n${await answer.text()}`);
    };
    try {
      await until(/rtsp:\/\/\*\*\*@127/);
      await until(/listening/);
      const reload = { method: 'POST', headers: { authorization: `Bearer ${operatorToken}` } };
      await ask('/api/v1/reload', reload);
      for (const wrong of [
        `tokn: ${token}`,
        `token: *${token}`,
        `token: !${token}`,
        `streams: [{ source: "${source()}#transport=${token}" }]`,
        `token: ${operatorToken}x`,
        'a: [',
        `streams: ["${source()}"]`,
        `model: "${source()}"`,
      ]) {
        file('planted.yaml', `port: ${port}`, wrong);
        await ask('/api/v1/reload', reload);
      }
      for (const headers of [{}, { authorization: `Bearer ${token}` }, { authorization: `Bearer ${token}x` }] as Record<string, string>[])
        for (const where of [
          '/',
          '/metrics',
          '/healthz',
          '/readyz',
          '/api/v1/streams',
          '/api/v1/runs',
          '/api/v1/runs/x',
          '/openapi.json',
          '/asyncapi.json',
          '/nothing',
          '/ws',
          '/%',
          '/main.js',
        ])
          await ask(where, { headers });
      const client = await connect(`ws://127.0.0.1:${port}/ws?token=${token}`);
      await client.waitFor(
        'why there is no picture',
        ({ detail }) => typeof detail === 'string' && detail.includes('rtsp://***@127'),
        30_000,
      );
      said.push(JSON.stringify(client.messages));
      client.close();
    } finally {
      program.kill('SIGTERM');
      await new Promise((resolve) => program.once('exit', resolve));
    }
    const outputs = [printed, ...said];
    for (const output of outputs) expect(planted.exec(output)?.[0] ?? output).toBe(output);
    expect(printed.match(/configuration not reloaded/g)?.length).toBe(8);
    expect(said.filter((text) => text.startsWith('/api/v1/reload\n{"error"'))).toHaveLength(8);
    const old = isOld(await findFfmpeg({ ...process.env, ...environment }));
    expect(printed.includes('an ffmpeg from before 2021 reads from the network')).toBe(old);
  }
}, 240_000);

it('shows no planted secret on the command line, whatever is wrong there', () => {
  const fine = file('fine.yaml', `token: ${token}`, `operatorToken: ${operatorToken}`, `streams: [{ source: "${source()}" }]`);
  const outputs = [
    run('config', '--print', '--config', fine),
    run('config', '--check', '--config', fine),
    run('config', `--token=${token}`),
    run('serve', '--source', `${source()}#transport=both`),
    run('serve', '--source', source().replace('rtsp:', 'http:')),
    run('serve', '--source', source().replace(camera, 'no where')),
    run('probe', source()),
    ...[
      `token: *${token}`,
      `token: !${token}`,
      `tokn: ${token}`,
      `token: [${token}]`,
      `token: {${token}: 1}`,
      `streams: "${source()}"`,
      `token: "${token}`,
      `host: "${source()}"`,
    ].map((wrong, i) => run('serve', '--config', file(`wrong-${i}.yaml`, wrong))),
  ];
  for (const output of outputs) expect(planted.exec(output)?.[0] ?? output).toBe(output);
  expect(outputs.filter((output) => output.includes('angiocast: ')).length).toBeGreaterThan(10);
}, 240_000);
