import { request } from 'node:http';
import type { PushOptions } from '../../src/push/serve-push.node';
import { Screen } from './screen';
import { serving, stopServing, type Serving } from './serving';

afterEach(stopServing);

const reader = 'Bearer let-me-read-this';
const operator = 'Bearer let-me-operate-it';
const tokens = { token: 'let-me-read-this', operatorToken: 'let-me-operate-it' };

/** A request as any program may send it: with any header, `Host` too. */
function ask(server: Serving, path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: server.port, path, method, headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', reject).end();
  });
}
function knock(server: Serving, headers: Readonly<Record<string, string>>): Promise<number> {
  const { socket } = new Screen(server.port, '', { headers });
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('open', () => resolve(101));
  }).finally(() => socket.terminate()) as Promise<number>;
}

describe('a server without a token', () => {
  const foreign = { host: 'evil.example:8080', origin: 'http://evil.example:8080' };

  it('is not fooled by a page whose name leads here', async () => {
    const server = await serving();
    for (const path of ['/', '/api/v1/streams', '/metrics', '/client.js'])
      expect([path, await ask(server, path, foreign)]).toEqual([path, 421]);
    expect(await knock(server, foreign)).toBe(421);
    const here = { host: `localhost:${server.port}`, origin: `http://localhost:${server.port}` };
    expect([await ask(server, '/api/v1/streams', here), await knock(server, here)]).toEqual([200, 101]);
  });

  it('accepts its configured names, or any where everybody is let in', async () => {
    for (const options of [{ allowedOrigins: ['http://evil.example:8080'] }, { insecure: true }]) {
      const server = await serving(options);
      expect([await ask(server, '/api/v1/streams', foreign), await knock(server, foreign)]).toEqual([200, 101]);
    }
  });
});

it('goes by any name where a token is needed, which a page from elsewhere does not have', async () => {
  const server = await serving(tokens);
  const host = 'suite.example:8080';
  expect([await ask(server, '/api/v1/streams', { host }), await knock(server, { host })]).toEqual([401, 401]);
  expect(await ask(server, '/api/v1/streams', { host, authorization: reader })).toBe(200);
});

describe('the API, called by a page from elsewhere', () => {
  const allowed = 'https://viewer.example';
  const asked = async (server: Serving, origin: string, path = '/api/v1/streams', init: RequestInit = {}) => {
    const { status, headers } = await fetch(`http://127.0.0.1:${server.port}${path}`, { ...init, headers: { ...init.headers, origin } });
    return [status, headers.get('access-control-allow-origin')] as const;
  };

  it('is read by one of an allowed origin, and by no other', async () => {
    const server = await serving({ allowedOrigins: [allowed] });
    for (const path of ['/api/v1/streams', '/api/v1/runs', '/readyz', '/healthz', '/openapi.json'])
      expect([path, await asked(server, allowed, path)]).toEqual([path, [200, allowed]]);
    expect(await asked(server, allowed, '/api/v1/runs/none/keyframe.png')).toEqual([404, allowed]);
    expect(await asked(server, 'https://evil.example')).toEqual([200, null]);
    expect((await server.get('/api/v1/streams')).headers.get('vary')).toContain('Origin');
    expect(await asked(await serving({ allowedOrigins: ['*'] }), allowed)).toEqual([200, allowed]);
    expect(await asked(await serving(), allowed)).toEqual([200, null]);
  });

  it('may be called with a token, for which a browser sends a preflight', async () => {
    const server = await serving({ ...tokens, allowedOrigins: [allowed] });
    const preflight = {
      method: 'OPTIONS',
      headers: { 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
    };
    expect(await asked(server, allowed, '/api/v1/streams', preflight)).toEqual([204, allowed]);
    expect(await asked(server, allowed)).toEqual([401, allowed]);
    expect(await asked(server, allowed, '/api/v1/streams', { headers: { authorization: reader } })).toEqual([200, allowed]);
    expect(await asked(server, 'https://evil.example', '/api/v1/streams', preflight)).toEqual([401, null]);
  });
});

it('may be framed by its own pages and by configured ones', async () => {
  const framing = async (options: Partial<PushOptions>): Promise<readonly (string | null | undefined)[]> => {
    const { headers } = await (await serving(options)).get('/');
    return [/frame-ancestors ([^;]*)/.exec(headers.get('content-security-policy') ?? '')?.[1], headers.get('x-frame-options')];
  };
  expect(await framing({})).toEqual(["'self'", 'SAMEORIGIN']);
  expect(await framing({ frameAncestors: ['https://wall.example'] })).toEqual(["'self' https://wall.example", null]);
});

it('lets both tokens read', async () => {
  const server = await serving(tokens);
  for (const authorization of [reader, operator]) {
    expect(await ask(server, '/api/v1/streams', { authorization })).toBe(200);
    expect(await knock(server, { authorization })).toBe(101);
  }
  const onlyOperators = await serving({ operatorToken: tokens.operatorToken });
  expect([await ask(onlyOperators, '/api/v1/streams'), await knock(onlyOperators, {})]).toEqual([401, 401]);
});

describe('a reload', () => {
  const outcome = { streams: { added: [], changed: [], renamed: [], removed: [] }, model: 'same' as const, tookMs: 1 };
  const reloads = async (options: Partial<PushOptions>, headers: Readonly<Record<string, string>>): Promise<readonly [number, number]> => {
    let asked = 0;
    const server = await serving({ ...options, reload: async () => ((asked += 1), outcome) });
    return [await ask(server, '/api/v1/reload', headers, 'POST'), asked];
  };
  const handedOn = { 'x-forwarded-for': '192.0.2.7' };
  const elsewhere = { origin: 'http://evil.example' };

  it.each<readonly [string, Partial<PushOptions>, Readonly<Record<string, string>>, number]>([
    ['nobody has a token, from this machine', {}, {}, 200],
    ['nobody has a token, through a proxy on this machine', {}, handedOn, 403],
    ['nobody has a token, by a page of elsewhere', {}, elsewhere, 403],
    ['there is a token, without it', { token: tokens.token }, {}, 401],
    ['there is a token, with it, from this machine', { token: tokens.token }, { authorization: reader }, 200],
    ['there is a token, with it, through a proxy', { token: tokens.token }, { authorization: reader, ...handedOn }, 403],
    ['there is an operator, without a token', tokens, {}, 401],
    ['there is an operator, with the other token', tokens, { authorization: reader }, 403],
    ['there is an operator, with the token', tokens, { authorization: operator }, 200],
    ['there is an operator, with the token, through a proxy', tokens, { authorization: operator, ...handedOn }, 200],
    ['there is an operator, with the token, by a page of elsewhere', tokens, { authorization: operator, ...elsewhere }, 403],
  ])('where %s', async (_, options, headers, status) => {
    expect(await reloads(options, headers)).toEqual([status, status === 200 ? 1 : 0]);
  });
});
