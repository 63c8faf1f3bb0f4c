import fc from 'fast-check';
import { hasToken, isAllowedOrigin, type Request } from '../../src/push/auth';
import { parseClientMessage } from '../../src/push/client-message';
import { askedFor } from '../../src/push/subscription';

const nobody: Request = { authorization: undefined, queryToken: null, protocols: [], origin: undefined, host: 'suite:8080' };
const asked = (query: string) => {
  const parameters = new URLSearchParams(query);
  return askedFor({ all: (name) => parameters.getAll(name) }, ['a', 'b'], 'e1');
};

describe('the token', () => {
  it('is needed where one is required, and only that one will do', () => {
    expect(hasToken(nobody, undefined)).toBe(true);
    expect(hasToken(nobody, 'secret')).toBe(false);
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^[!-~]+$/), (given, required) => {
        expect(hasToken({ ...nobody, queryToken: given }, required)).toBe(given === required);
        expect(hasToken({ ...nobody, protocols: ['angiocast.v1', `angiocast.token.${given}`] }, required)).toBe(given === required);
        expect(hasToken({ ...nobody, authorization: `Bearer ${required}` }, required)).toBe(true);
        expect(hasToken({ ...nobody, authorization: `Bearer ${required}x` }, required)).toBe(false);
      }),
    );
  });
});

describe('a page that opens a socket', () => {
  it('is one of ours, one that is allowed, or none', () => {
    expect(isAllowedOrigin(nobody, [])).toBe(true);
    expect(isAllowedOrigin({ ...nobody, origin: 'http://suite:8080' }, [])).toBe(true);
    expect(isAllowedOrigin({ ...nobody, origin: 'https://SUITE:8080' }, [])).toBe(true);
    for (const origin of ['http://evil', 'http://suite:8080.evil', 'null', ''])
      expect(isAllowedOrigin({ ...nobody, origin }, [])).toBe(false);
    expect(isAllowedOrigin({ ...nobody, origin: 'http://evil' }, ['*'])).toBe(true);
  });
});

describe('the query of a socket', () => {
  it('means everything but pictures when it says nothing', () => {
    const { subscription, objections } = asked('');
    expect(subscription.streams).toEqual(['a', 'b']);
    expect([...subscription.topics]).toEqual(['mask', 'keyframe', 'run', 'stability', 'stream']);
    expect([subscription.since('a'), objections]).toEqual([null, []]);
  });

  it('names streams, topics and numbers', () => {
    const { subscription } = asked('stream=b&stream=b&topics=mask,frame&topics=run&since=7&since=b:9&epoch=e1');
    expect(subscription.streams).toEqual(['b']);
    expect([...subscription.topics]).toEqual(['mask', 'frame', 'run']);
    expect([subscription.since('a'), subscription.since('b')]).toEqual([7, 9]);
    expect(asked('since=7&epoch=e0').subscription.since('a')).toBeNull();
  });

  it('is never granted more than it asks for when it asks for what does not exist', () => {
    expect(asked('stream=x').subscription.streams).toEqual([]);
    expect([...asked('topics=x').subscription.topics]).toEqual([]);
    expect(asked('since=-1').objections).toEqual([{ code: 'bad-since', message: 'Expected a number, got "-1"' }]);
  });
});

it('understands what a client says, or says why not, whatever it is', () => {
  expect(parseClientMessage('{"type":"subscribe"}')).toEqual({ type: 'subscribe', streams: [], topics: [] });
  expect(parseClientMessage('{"type":"clock","t0":"now"}')).toMatchObject({ type: 'unreadable', why: expect.stringContaining('t0') });
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => typeof parseClientMessage(text).type === 'string'));
});
