import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import WebSocket from 'ws';
import { CertificateInUse, readKeyPair, type TlsFiles } from '../../src/push/access/certificate.node';
import { certificateOf, pairFiles, type PairName, putPair } from '../support/key-pairs';
import { Script } from './scripted';
import { serving, stopServing, type Serving } from './serving';

const folders: string[] = [];
const sockets: WebSocket[] = [];
afterEach(async () => {
  sockets.splice(0).forEach((socket) => socket.terminate());
  await stopServing();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function files(pair: PairName): TlsFiles {
  const folder = mkdtempSync(join(tmpdir(), 'angiocast-tls-'));
  folders.push(folder);
  putPair(pairFiles(folder), pair);
  return pairFiles(folder);
}
async function guarded(
  options: object = {},
): Promise<{ server: Serving; pair: TlsFiles; certificate: CertificateInUse; warned: string[] }> {
  const [pair, warned] = [files('one'), [] as string[]];
  const certificate = new CertificateInUse(pair, (message) => warned.push(message));
  return { server: await serving({ certificate, ...options }), pair, certificate, warned };
}
const ask = (server: Serving, path: string, ca: PairName): Promise<number> =>
  new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: server.port, path, ca: certificateOf(ca), agent: false };
    get(options, (answer) => resolve(answer.resume().statusCode ?? 0)).on('error', reject);
  });
/** What becomes of a socket: 101, or the status it is refused with. */
function knock(server: Serving, ca: PairName, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const socket = new WebSocket(`wss://127.0.0.1:${server.port}/ws`, ['angiocast.v1'], { ca: certificateOf(ca), headers });
  sockets.push(socket);
  return new Promise((resolve, reject) => {
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('open', () => resolve(101));
    socket.on('error', reject);
  });
}
const shownBy = (server: Serving): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.on('error', reject);
  });

it('serves requests and sockets over TLS, and nothing without it', async () => {
  const { server } = await guarded();
  expect([await ask(server, '/healthz', 'one'), await ask(server, '/api/v1/streams', 'one'), await knock(server, 'one')]).toEqual([
    200, 200, 101,
  ]);
  await expect(ask(server, '/healthz', 'two')).rejects.toThrow(/certificate/);
  await expect(server.get('/healthz')).rejects.toThrow();
});

it('takes only a page that came over TLS for its own', async () => {
  const { server } = await guarded();
  expect(await knock(server, 'one', { origin: `https://127.0.0.1:${server.port}` })).toBe(101);
  expect(await knock(server, 'one', { origin: `http://127.0.0.1:${server.port}` })).toBe(403);
});

it('sends away who does not get on with the handshake', async () => {
  const { server } = await guarded({ limits: { handshakeSeconds: 0.3 } });
  const socket = connectPlain(server.port, '127.0.0.1');
  await new Promise((resolve) => socket.on('close', resolve).on('error', () => undefined));
});

it('shows another certificate as soon as its files were replaced, and lets go of no screen', async () => {
  const { server, pair, warned } = await guarded();
  await knock(server, 'one');
  const heard: string[] = [];
  sockets[0]?.on('message', (data: Buffer) => heard.push(data.toString()));
  putPair(pair, 'two');
  for (const deadline = Date.now() + 15_000; (await shownBy(server)) !== 'angiocast test two' && Date.now() < deadline;)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect([await shownBy(server), await knock(server, 'two')]).toEqual(['angiocast test two', 101]);
  server.say(new Script('a').run('r1', 'started', 2));
  for (const deadline = Date.now() + 4000; !heard.some((text) => text.includes('"r1"')) && Date.now() < deadline;)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(heard.filter((text) => text.includes('"r1"'))).toHaveLength(1);
  expect(sockets[0]?.readyState).toBe(WebSocket.OPEN);
  // A look between the two replacements may have found them at odds.
  expect(warned.filter((message) => !/the previous one stays in use$/.test(message))).toEqual([]);
}, 30_000);

it('keeps the one before when the new files do not belong together, and logs it', async () => {
  const { server, pair, certificate } = await guarded();
  putPair(pair, 'two', 'one');
  expect(() => certificate.renew()).toThrow(
    /^tls: expected a certificate and its key in .*tls\.crt and .*tls\.key, got .*key values mismatch/,
  );
  expect(await shownBy(server)).toBe('angiocast test one');
  putPair(pair, 'two');
  certificate.renew()();
  expect(await shownBy(server)).toBe('angiocast test two');
});

it.each<readonly [string, (pair: TlsFiles) => TlsFiles, RegExp]>([
  ['that is not there', (pair) => ({ ...pair, certificate: '/nowhere/tls.crt' }), /got ENOENT: .*\/nowhere\/tls\.crt/],
  ['without its key', (pair) => ({ ...pair, key: '/nowhere/tls.key' }), /got ENOENT: .*\/nowhere\/tls\.key/],
  ['that is none', (pair) => (writeFileSync(pair.certificate, 'no certificate'), pair), /got .*PEM/i],
])('refuses a certificate %s in one line', (_, spoilt, expected) => {
  const refusal = ((): string => {
    try {
      readKeyPair(spoilt(files('one')));
      return '';
    } catch (error) {
      return String(error);
    }
  })();
  expect(refusal).toMatch(/^ConfigError: tls: expected a certificate and its key/);
  expect(refusal).toMatch(expected);
  expect(refusal).not.toContain('\n');
});

it('warns of a certificate that is out of date, or soon will be', () => {
  const [warned, pair] = [[] as string[], files('one')];
  for (const now of ['2100-01-01', '2126-10-30', '2200-01-01'])
    new CertificateInUse(
      pair,
      (message) => warned.push(message),
      () => Date.parse(now),
    ).close();
  expect(warned).toEqual(['tls: the certificate expires in 2 days', 'tls: the certificate has expired']);
});
