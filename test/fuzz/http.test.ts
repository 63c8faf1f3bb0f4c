import fc from 'fast-check';
import { Script } from '../push/scripted';
import { serving, stopServing, type Serving } from '../push/serving';
import { holds, keptTexts } from './fuzz';
import { anyBytes, anyText, mutatedBytes, mutatedText } from './mutations';
import { exchange, handshake, request } from './raw';

let server: Serving;
const warnings: string[] = [];
beforeAll(async () => {
  server = await serving({
    warn: (message) => void warnings.push(message),
    reload: () => Promise.reject(new Error('not while it is tried')),
  });
  const s = new Script('a');
  server.say(s.state('live'), s.picture(), s.run('r1', 'started', 2), s.keyFrame('r1', 1, 'stabilised'), s.mask('r1', 1, 'stabilised'));
});
afterAll(stopServing);

const encoded = (text: string): string => encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));
const paths = fc.oneof(
  fc.constantFrom(
    ...[
      '/',
      '/index.html',
      '/client.js',
      '/main.js',
      '/healthz',
      '/readyz',
      '/metrics',
      '/openapi.json',
      '/asyncapi.json',
      '/ws',
      '/nothing',
    ],
    ...['/api/v1/streams', '/api/v1/runs', '/api/v1/runs?stream=a', '/api/v1/runs/r1', '/api/v1/runs/r1/mask.png', '/api/v1/reload'],
    ...[
      '//',
      '/%00',
      '/%',
      '/..%2f..%2fetc/passwd',
      'http://[',
      'http://x/healthz',
      '*',
      '',
      '?',
      '//[',
      '/\\..\\..',
      '/client.js/',
      '/ws?stream=x',
    ],
  ),
  anyText.map((text) => `/${encoded(text)}`),
  anyText.map((text) => `/api/v1/runs?stream=${encoded(text)}`),
  anyText.map((text) => `/ws?since=${encoded(text)}`),
);
const methods = fc.oneof(
  { weight: 6, arbitrary: fc.constant('GET') },
  { weight: 2, arbitrary: fc.constantFrom('HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'CONNECT', 'PROPFIND', 'get', '') },
);
const headers = fc.array(
  fc.oneof(
    fc.constantFrom(
      ...['Authorization: Bearer x', 'Authorization: Basic ', 'Origin: null', 'Origin: http://[', 'Range: bytes=0-', 'Range: bytes=9-1'],
      ...['If-None-Match: *', 'If-Modified-Since: x', 'Content-Length: 5', 'Content-Length: -1', 'Content-Length: 99999999999999999999'],
      ...[
        'Transfer-Encoding: chunked',
        'Expect: 100-continue',
        'Expect: x',
        'Upgrade: h2c',
        'Connection: Upgrade',
        'Accept-Encoding: gzip',
      ],
      ...['Host: ', 'Host: a:b:c', 'X: ', ': x', 'Cookie: __proto__=1', 'Sec-WebSocket-Version: 12', `X: ${'x'.repeat(20_000)}`],
    ),
    anyText,
  ),
  { maxLength: 4 },
);
const requests = fc
  .tuple(methods, paths, fc.constantFrom('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'RTSP/1.0', ''), headers)
  .map(([method, path, version, lines]) => request([`${method} ${path} ${version}`, 'Host: 127.0.0.1', ...lines]));
const upgrades = fc.tuple(paths, headers).map(([path, lines]) => request([...handshake(path), ...lines]));
const sent = fc.oneof(
  { weight: 5, arbitrary: requests },
  { weight: 3, arbitrary: upgrades },
  { weight: 2, arbitrary: mutatedText(fc.constantFrom(request(handshake()), request(['GET /api/v1/runs HTTP/1.1', 'Host: 127.0.0.1']))) },
);

/** Statuses that fit a valid or an invalid request. */
const sensible = new Set([101, 200, 204, 206, 301, 304, 400, 401, 403, 404, 405, 408, 412, 413, 416, 417, 421, 422, 426, 431, 503]);

/** Every answer of the connection: a number of its own, and JSON where something was wrong. */
function mustBeSensible(answer: Buffer, method: string): void {
  if (answer.length === 0) return;
  const text = answer.toString('latin1').replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '');
  if (text === '') return;
  const [, status = ''] = /^HTTP\/1\.1 (\d{3}) /.exec(text) ?? [];
  if (!sensible.has(Number(status))) throw new Error(`Expected a sensible status, got ${text.slice(0, 300)}`);
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  if (Number(status) < 400 || body === '' || body.startsWith('0\r\n') || method === 'HEAD') return;
  // The WebSocket library answers a bad handshake in its own words.
  if (/^content-type: text\/html\r\n/im.test(head) && /^connection: close\r\n/im.test(head)) return expect(body).toMatch(/^[\w -]+$/);
  expect(head).toMatch(/content-type: application\/json/i);
  expect(JSON.parse(body.slice(0, Number(/content-length: (\d+)/i.exec(head)?.[1])))).toHaveProperty('error.code');
}

async function mustStillAnswer(): Promise<void> {
  const health = await server.get('/healthz');
  expect([health.status, await health.text()]).toEqual([200, '{"ok":true}']);
  expect(warnings.filter((line) => !line.startsWith('Refused a screen'))).toEqual([]);
}

holds(
  'a request gets a valid answer, or its connection ends; and the server goes on',
  sent,
  async (text) => {
    mustBeSensible(await exchange(server.port, Buffer.from(text, 'utf8')), text.split(' ')[0] ?? '');
    if (text.length % 16 === 0) await mustStillAnswer();
  },
  { kept: keptTexts('http') },
);

holds(
  'bytes that are no request end their connection, and the server goes on',
  fc.oneof(anyBytes, mutatedBytes(requests.map((text) => Uint8Array.from(Buffer.from(text))))),
  async (bytes) => {
    mustBeSensible(await exchange(server.port, bytes), Buffer.from(bytes).toString('latin1').split(' ')[0] ?? '');
    if (bytes.length % 16 === 0) await mustStillAnswer();
  },
);
