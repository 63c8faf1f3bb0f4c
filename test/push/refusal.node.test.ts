import { refusalLog } from '../../src/push/access/refusal';
import { Screen } from './screen';
import { serving, stopServing } from './serving';

afterEach(stopServing);

it('logs each reason once a minute: what was refused, the remedy, and how often it was left out', () => {
  const lines: string[] = [];
  let now = 0;
  const refused = refusalLog(
    (line) => lines.push(line),
    () => now,
  );
  for (const [at, refusal] of [
    [0, 'origin'],
    [1, 'origin'],
    [2, 'token'],
    [3, 'closing'],
    [59_999, 'origin'],
    [60_000, 'origin'],
    [120_000, 'origin'],
  ] as const) {
    now = at;
    refused(refusal);
  }
  expect(lines).toEqual([
    'Refused a screen with 403: Expected a page of this server, or its origin in allowedOrigins',
    'Refused a screen with 401: Expected a token',
    'Refused a screen with 403 (and 2 more since the last time): Expected a page of this server, or its origin in allowedOrigins',
    'Refused a screen with 403: Expected a page of this server, or its origin in allowedOrigins',
  ]);
});

it.each([
  ['a name that is not known', { host: 'proxy.example' }, {}, 421, 'unknown-host'],
  ['a page from elsewhere', { origin: 'https://elsewhere.example' }, {}, 403, 'unknown-origin'],
  ['no token', {}, { token: 'a-very-secret-token' }, 401, 'unauthorised'],
] as const)('gives a screen with %s the reason of its refusal, and logs it', async (_, headers, options, status, code) => {
  const warnings: string[] = [];
  const server = await serving({ ...options, warn: (line: string) => void warnings.push(line) });
  const { socket } = new Screen(server.port, '', { headers });
  const answer = await new Promise<{ status: number | undefined; type: string | undefined; body: string }>((resolve) =>
    socket.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode, type: response.headers['content-type'], body }));
    }),
  );
  socket.terminate();
  expect(answer).toMatchObject({ status, type: 'application/json; charset=utf-8' });
  expect(JSON.parse(answer.body)).toMatchObject({ error: { code } });
  expect(warnings).toEqual([expect.stringContaining(`Refused a screen with ${status}`)]);
});

it.each([
  ['the same', {}, {}, 426, 'upgrade-required'],
  ['a page from elsewhere', { origin: 'https://elsewhere.example' }, {}, 403, 'unknown-origin'],
  ['no token', {}, { token: 'a-very-secret-token' }, 401, 'unauthorised'],
  ['the token', { authorization: 'Bearer a-very-secret-token' }, { token: 'a-very-secret-token' }, 426, 'upgrade-required'],
  ['no room', {}, { limits: { clients: 0 } }, 503, 'full'],
] as const)(
  'gives a page with %s over HTTP the answer its socket would get, and counts it nowhere',
  async (_, headers, options, status, code) => {
    const warnings: string[] = [];
    const server = await serving({ ...options, warn: (line: string) => void warnings.push(line) });
    const answer = await fetch(`http://127.0.0.1:${server.port}/ws`, { method: 'POST', headers });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([status, '*']);
    expect(await answer.json()).toMatchObject({ error: { code } });
    expect(warnings).toEqual([]);
    expect(await (await server.get('/metrics')).text()).not.toMatch(/clients_refused_total\{[^}]*\} [1-9]/);
  },
);
