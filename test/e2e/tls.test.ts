import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { certificatePath, pairFiles, putPair } from '../support/key-pairs';
import { freePort, root } from './serve';
import { smallFeed } from './small-feeds';

const folder = mkdtempSync(path.join(tmpdir(), 'angiocast-tls-'));
afterAll(() => rmSync(folder, { recursive: true }));
const pair = pairFiles(folder);
const token = 'a-token-to-look-with';
const operator = 'a-token-to-operate-with';

/** What the client library gets in a program that trusts one certificate: the streams of hello, or the refusal. */
function listen(port: number, trusted: string): string {
  const script = `
    const client = require('./dist/client.node.cjs').connect({ url: 'https://127.0.0.1:${port}/', token: '${token}' });
    const end = (said) => { console.log(said); client.close(); };
    client.on('hello', ({ streams }) => end(streams.map(({ id }) => id).join()));
    client.on('connection', ({ state, reason }) => state === 'waiting' && end(reason));`;
  return run(script, trusted);
}
function reload(port: number, trusted: string): string {
  const options = `{ method: 'POST', headers: { authorization: 'Bearer ${operator}' } }`;
  return run(
    `fetch('https://127.0.0.1:${port}/api/v1/reload', ${options}).then(async (a) => console.log(a.status, await a.text()))`,
    trusted,
  );
}
function run(script: string, trusted: string): string {
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: trusted };
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { cwd: root, env, encoding: 'utf8', timeout: 20_000 });
  return (stdout || stderr).trim();
}

it('serves its clients over TLS, renews its certificate on a reload, and keeps it when the new one is invalid', async () => {
  putPair(pair, 'one');
  const port = await freePort();
  const settings = path.join(folder, 'tls.yaml');
  const tls = `tls: { certificate: ${pair.certificate}, key: ${pair.key} }`;
  writeFileSync(
    settings,
    [`port: ${port}`, tls, `token: ${token}`, `operatorToken: ${operator}`, `streams: [{ source: "${smallFeed()}", id: lab }]`].join('\n'),
  );
  const program = spawn(process.execPath, ['dist/main.node.js', 'serve', '--config', settings], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  program.stderr.on('data', (text: Buffer) => (log += text.toString()));
  const until = async (words: string): Promise<void> => {
    for (const deadline = Date.now() + 60_000; !log.includes(words); await new Promise((resolve) => setTimeout(resolve, 50)))
      if (Date.now() > deadline) throw new Error(`Waited in vain for ${words} in ${log}`);
  };
  try {
    await until(`https://127.0.0.1:${port}`);
    await until('provider');
    expect(listen(port, certificatePath('one'))).toBe('lab');
    expect(listen(port, certificatePath('two'))).toMatch(/certificate/);
    putPair(pair, 'two', 'one');
    expect(reload(port, certificatePath('one'))).toMatch(/^422 .*tls: expected a certificate and its key .*key values mismatch/);
    expect(listen(port, certificatePath('one'))).toBe('lab');
    putPair(pair, 'two');
    // The new one may be in use before the reload: it is looked for every other second.
    const either = path.join(folder, 'either.crt');
    writeFileSync(either, Buffer.concat([readFileSync(certificatePath('one')), readFileSync(certificatePath('two'))]));
    expect(reload(port, either)).toMatch(/^200 /);
    expect(listen(port, certificatePath('two'))).toBe('lab');
  } finally {
    program.kill('SIGTERM');
    await new Promise((resolve) => program.once('exit', resolve));
  }
  expect(program.exitCode).toBe(0);
  expect(log).not.toMatch(/a-token-to-|PRIVATE KEY/);
}, 150_000);

it('does not start with an invalid certificate, and reports it in one line', () => {
  putPair(pair, 'one', 'two');
  const settings = path.join(folder, 'none.yaml');
  writeFileSync(settings, `tls: { certificate: ${pair.certificate}, key: ${pair.key} }`);
  for (const command of ['config', 'serve']) {
    const { status, stderr } = spawnSync(process.execPath, ['dist/main.node.js', command, '--config', settings], {
      cwd: root,
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect([command, status]).toEqual([command, 2]);
    expect(stderr).toMatch(/^(\{.*\}\n)?angiocast: tls: expected a certificate and its key in .*key values mismatch.*\n$/);
  }
});
