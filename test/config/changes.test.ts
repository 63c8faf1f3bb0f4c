import { checkChangeable, streamChanges } from '../../src/config/changes';
import { type Config, toConfig } from '../../src/config/load';

const configured = (file: object): Config => toConfig({ file, environment: {}, options: {}, sources: [] });
const streams = (...said: readonly object[]): Config['streams'] => configured({ streams: said }).streams;

it('lists the streams that come, go, change and are renamed', () => {
  const before = streams(
    { source: 'a.mp4', id: 'a' },
    { source: 'b.mp4', id: 'b' },
    { source: 'c.mp4', id: 'c' },
    { source: 'd.mp4', id: 'd' },
  );
  const after = streams(
    ...[
      { source: 'd.mp4', id: 'd' },
      { source: 'a.mp4', id: 'a', name: 'Room A' },
      { source: 'b.mp4#rate=max', id: 'b' },
    ],
    { source: 'e.mp4', id: 'e' },
  );
  expect(streamChanges(before, after)).toEqual({ added: ['e'], changed: ['b'], renamed: ['a'], removed: ['c'] });
  expect(streamChanges(before, before)).toEqual({ added: [], changed: [], renamed: [], removed: [] });
  const renamed = streams({ source: 'a.mp4#name=Room', id: 'a' });
  expect(streamChanges(before.slice(0, 1), renamed)).toEqual({ added: [], changed: [], renamed: ['a'], removed: [] });
});

it('takes another image area, polarity, pixel size way from the glass, use of timestamps, track or place to blank for a change', () => {
  const before = streams({ source: 'a.mp4', id: 'a' });
  for (const other of [
    { imageArea: '1,2,3,4' },
    { polarity: 'bright-vessels' },
    { pixelSpacingMm: 0.3 },
    { captureLatencyMs: 80 },
    { timestamps: 'ignore' },
    { redact: '1,2,3,4' },
    { track: 2 },
    { deinterlace: 'none' },
  ])
    expect(streamChanges(before, streams({ source: 'a.mp4', id: 'a', ...other })).changed).toEqual(['a']);
});

it('lets streams, model, provider, threads and log level change, and names what needs a restart without revealing a secret', () => {
  const before = configured({});
  const other = { streams: [{ source: 'a.mp4' }], model: 'm', provider: 'cpu', threads: 1, logLevel: 'warn' };
  expect(() => checkChangeable(before, configured(other))).not.toThrow();
  expect(() => checkChangeable(before, configured({ port: 9000 }))).toThrow(/^port: expected 8080 until a restart, got 9000$/);
  expect(() => checkChangeable(before, configured({ host: '::1' }))).toThrow(/^host: expected "127.0.0.1" until a restart, got "::1"$/);
  expect(() => checkChangeable(before, configured({ token: 'a-very-secret-token' }))).toThrow(
    /^token: expected the same value until a restart, got another$/,
  );
  expect(() => checkChangeable(before, configured({ operatorToken: 'a-very-secret-token' }))).toThrow(/^operatorToken: .* got another$/);
  expect(() => checkChangeable(configured({ token: 'a-very-secret-token' }), before)).toThrow(/^token: .* got another$/);
  expect(() => checkChangeable(before, configured({ otlpEndpoint: 'http://angiocast:hunter2@collector:4318' }))).toThrow(
    /^otlpEndpoint: expected the same value until a restart, got another$/,
  );
});
