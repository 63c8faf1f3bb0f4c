import { toConfig } from '../../src/config/load';
import { Secrets, secretsOf, withoutSecrets } from '../../src/config/secrets';

const config = toConfig({
  ...{ environment: {}, options: {}, sources: [] },
  file: {
    token: 'a-very-secret-token',
    operatorToken: 'a-more-secret-token',
    otlpEndpoint: 'http://angiocast:tr%61ces@collector.example:4318',
    streams: [{ source: 'rtsp://surgeon:hunt%40er2@suite.example/live' }, { source: 'phantom:' }],
  },
});

it('strikes out the tokens and the passwords of sources and collector, as they are written and as they are meant, wherever they stand', () => {
  const said = {
    text: 'a token a-very-secret-token came, a-more-secret-token too',
    list: ['hunt%40er2', { deep: 'hunt@er2' }, 'traces'],
    error: new Error('401 for rtsp://x:y@host/'),
    ...{ number: 7, nothing: null, yes: true },
  };
  expect(withoutSecrets(said, secretsOf(config))).toEqual({
    text: 'a token *** came, *** too',
    list: ['***', { deep: '***' }, '***'],
    error: '401 for rtsp://***@host/',
    ...{ number: 7, nothing: null, yes: true },
  });
});

it('finds no secret where there is none', () => {
  expect(secretsOf({ streams: [] })).toEqual([]);
});

it('adds those of a configuration that is read later, and keeps the earlier ones', () => {
  const secrets = new Secrets(config);
  const next = toConfig({
    ...{ environment: {}, options: {}, sources: [] },
    file: { streams: [{ source: 'rtsp://surgeon:prey-of-hunt%40er2@suite.example/live' }] },
  });
  expect(secrets.redact('prey-of-hunt@er2, hunt@er2')).toBe('prey-of-***, ***');
  secrets.add(next);
  expect(secrets.redact('prey-of-hunt@er2, hunt@er2, a-very-secret-token')).toBe('***, ***, ***');
});
