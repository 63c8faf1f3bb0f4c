import fc from 'fast-check';
import { parseClientMessage } from '../../src/protocol/client-message';
import { isAllowedOrigin, isKnownHost, type AccessRequest } from '../../src/push/access/access-request';
import { type Scope, scopes } from '../../src/push/access/access.node';
import { parseSubscription } from '../../src/push/websocket/subscription';

const nobody: AccessRequest = {
  ...{ authorization: undefined, queryToken: null, protocols: [], origin: undefined },
  ...{ host: 'suite:8080', secure: false },
};
const asked = (query: string) => {
  const parameters = new URLSearchParams(query);
  return parseSubscription({ all: (name) => parameters.getAll(name) }, ['a', 'b'], 'e1');
};

describe('the token', () => {
  const visible = fc.stringMatching(/^[!-~]+$/);

  it('is needed where one is required, and only that one will do', () => {
    expect(scopes({})(nobody)).toBe('read');
    expect(scopes({ token: 'secret' })(nobody)).toBe('none');
    fc.assert(
      fc.property(fc.string(), visible, (given, token) => {
        const scopeOf = scopes({ token });
        const expected: Scope = given === token ? 'read' : 'none';
        expect(scopeOf({ ...nobody, queryToken: given })).toBe(expected);
        expect(scopeOf({ ...nobody, protocols: ['angiocast.v1', `angiocast.token.${given}`] })).toBe(expected);
        expect(scopeOf({ ...nobody, authorization: `Bearer ${token}` })).toBe('read');
        expect(scopeOf({ ...nobody, authorization: `Bearer ${token}x` })).toBe('none');
      }),
    );
  });

  it('of an operator lets operate, and read where nobody else may', () => {
    fc.assert(
      fc.property(visible, visible, (token, operatorToken) => {
        fc.pre(token !== operatorToken);
        for (const scopeOf of [scopes({ token, operatorToken }), scopes({ operatorToken })])
          expect(scopeOf({ ...nobody, authorization: `Bearer ${operatorToken}` })).toBe('operate');
        expect(scopes({ token, operatorToken })({ ...nobody, authorization: `Bearer ${token}` })).toBe('read');
        expect(scopes({ operatorToken })({ ...nobody, authorization: `Bearer ${token}` })).toBe('none');
        expect(scopes({ operatorToken })(nobody)).toBe('none');
      }),
    );
  });

  it('is not found by offering thousands', () => {
    const protocols = Array.from({ length: 1000 }, (_, i) => `angiocast.token.${i}`);
    expect(scopes({ token: '999' })({ ...nobody, protocols })).toBe('none');
  });
});

describe('the name a server is called by', () => {
  it.each(['127.0.0.1', '127.0.0.1:8080', '[::1]:8080', 'localhost:8080', 'LOCALHOST', '192.0.2.7:8080', 'suite.example:8080'])(
    'may be %s',
    (host) => expect(isKnownHost({ ...nobody, host }, ['http://suite.example:8080'])).toBe(true),
  );
  it.each(['evil.example:8080', '127.0.0.1.evil.example', 'localhost.evil.example:8080', '', undefined, '[::1].evil.example'])(
    'may not be %s',
    (host) => expect(isKnownHost({ ...nobody, host }, ['http://suite.example:8080'])).toBe(false),
  );
});

describe('a page that opens a socket', () => {
  it('is one of ours, one that is allowed, or none', () => {
    expect(isAllowedOrigin(nobody, [])).toBe(true);
    expect(isAllowedOrigin({ ...nobody, origin: 'http://suite:8080' }, [])).toBe(true);
    expect(isAllowedOrigin({ ...nobody, origin: 'https://SUITE:8080' }, [])).toBe(true);
    for (const origin of ['http://evil', 'http://suite:8080.evil', 'null', ''])
      expect(isAllowedOrigin({ ...nobody, origin }, [])).toBe(false);
    expect(isAllowedOrigin({ ...nobody, origin: 'http://evil' }, ['*'])).toBe(true);
    expect(isAllowedOrigin({ ...nobody, secure: true, origin: 'https://suite:8080' }, [])).toBe(true);
    expect(isAllowedOrigin({ ...nobody, secure: true, origin: 'http://suite:8080' }, [])).toBe(false);
  });
});

describe('the query of a socket', () => {
  it('subscribes to everything but pictures by default', () => {
    const { subscription, errors } = asked('');
    expect(subscription.streams).toEqual(['a', 'b']);
    expect([...subscription.topics]).toEqual(['mask', 'keyframe', 'run', 'stability', 'stream']);
    expect([subscription.since('a'), errors]).toEqual([null, []]);
  });

  it('names streams, topics and numbers', () => {
    const { subscription } = asked('stream=b&stream=b&topics=mask,frame&topics=run&since=7&since=b:9&epoch=e1');
    expect(subscription.streams).toEqual(['b']);
    expect([...subscription.topics]).toEqual(['mask', 'frame', 'run']);
    expect([subscription.since('a'), subscription.since('b')]).toEqual([7, 9]);
    expect(asked('since=7&epoch=e0').subscription.since('a')).toBeNull();
  });

  it('gives the greatest width of pictures, in whole pixels', () => {
    expect(['', 'maxWidth=64', 'maxWidth=960&maxWidth=1', 'maxWidth=8192'].map((query) => asked(query).subscription.maxWidth)).toEqual(
      [null, 64, 960, 8192], // prettier-ignore
    );
    for (const wish of ['63', '8193', '', '96.5', '-960', '1e3', 'wide', '0x80']) {
      const { subscription, errors } = asked(`maxWidth=${wish}`);
      expect([subscription.maxWidth, errors]).toEqual([
        ...[null, [{ code: 'bad-max-width', message: `Expected a whole number from 64 to 8192, got ${JSON.stringify(wish)}` }]],
      ]);
    }
  });

  it('is never granted more than it requests when it requests what does not exist', () => {
    expect(asked('stream=x').subscription.streams).toEqual([]);
    expect([...asked('topics=x').subscription.topics]).toEqual([]);
    expect(asked('since=-1').errors).toEqual([{ code: 'bad-since', message: 'Expected a number, got "-1"' }]);
  });
});

it('parses whatever a client sends, or gives the reason', () => {
  expect(parseClientMessage('{"type":"subscribe"}')).toEqual({ type: 'subscribe', streams: [], topics: [] });
  expect(parseClientMessage('{"type":"subscribe","maxWidth":960}')).toMatchObject({ maxWidth: 960 });
  for (const [wish, why] of [
    ['63', 'maxWidth: Expected at least 64'],
    ['8193', 'maxWidth: Expected at most 8192'],
    ['640.5', 'maxWidth: Expected a whole number'],
    ['"960"', 'maxWidth: Expected a finite number'],
  ])
    expect(parseClientMessage(`{"type":"subscribe","maxWidth":${wish}}`)).toEqual({ type: 'unreadable', why });
  expect(parseClientMessage('{"type":"clock","t0":"now"}')).toMatchObject({ type: 'unreadable', why: expect.stringContaining('t0') });
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => typeof parseClientMessage(text).type === 'string'));
});
