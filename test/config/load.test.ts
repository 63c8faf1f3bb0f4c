import { parse } from 'yaml';
import { SourceUriError } from '../../src/acquire/uri-options';
import { type Config, type Settings, toConfig } from '../../src/config/load';
import { ConfigError } from '../../src/core/config-error';

const configured = (settings: Partial<Settings> = {}): Config =>
  toConfig({ file: null, environment: {}, options: {}, sources: [], ...settings });
const fromYaml = (...lines: readonly string[]): Config => configured({ file: parse(lines.join('\n')) as unknown });
function refusal(configure: () => Config): string {
  try {
    configure();
  } catch (error) {
    if (error instanceof ConfigError || error instanceof SourceUriError) return error.message;
    throw error;
  }
  throw new Error('Expected a refusal, got a configuration');
}

describe('toConfig', () => {
  it('shows the simulated suite on the local host by default', () => {
    expect(configured()).toMatchObject({
      ...{ host: '127.0.0.1', port: 8080, allowedOrigins: [], provider: 'auto', logLevel: 'info' },
      streams: [{ id: 'stream-1', name: 'stream-1', spec: { kind: 'phantom', seed: 1 } }],
    });
    expect(configured({ file: undefined })).toEqual(configured());
    expect(configured({ file: {} })).toEqual(configured());
    expect(configured({ file: { streams: [] } })).toEqual(configured());
    expect(configured()).not.toHaveProperty('token');
  });

  it('takes every key from the file', () => {
    const config = fromYaml(
      ...['host: 0.0.0.0', 'port: 9000', 'token: a-long-enough-token', 'allowedOrigins: [https://viewer.example]', 'model: ./my-model'],
      ...['provider: cpu', 'threads: 2', 'logLevel: warn', 'streams:'],
      ...[
        '  - source: rtsp://suite.example/live',
        '    id: suite-1',
        '    name: Suite 1',
        '    imageArea: {x: 6, y: 7, width: 788, height: 780}',
      ],
      ...['    polarity: bright-vessels', '    pixelSpacingMm: 0.3', '    captureLatencyMs: 87.5'],
      ...['  - source: file:run.mp4#rate=max', '    imageArea: auto'],
    );
    expect(config).toMatchObject({
      ...{ host: '0.0.0.0', port: 9000, token: 'a-long-enough-token', allowedOrigins: ['https://viewer.example'], model: './my-model' },
      ...{ provider: 'cpu', threads: 2, logLevel: 'warn' },
      streams: [
        {
          ...{ id: 'suite-1', name: 'Suite 1' },
          spec: {
            ...{ kind: 'rtsp', transport: 'tcp', imageArea: { x: 6, y: 7, width: 788, height: 780 } },
            ...{ polarity: 'bright-vessels', pixelSpacingMm: 0.3, captureLatencyMs: 87.5 },
          },
        },
        {
          id: 'stream-2',
          name: 'stream-2',
          spec: {
            kind: 'file',
            rate: 'max',
            imageArea: 'auto',
            polarity: 'dark-vessels',
            pixelSpacingMm: null,
            captureLatencyMs: 0,
            timestamps: 'trust',
            track: null,
            deinterlace: 'auto',
            redact: [],
          },
        },
      ],
    });
  });

  it.each([
    ['host', 'ANGIOCAST_HOST', '::1', '::1'],
    ['port', 'ANGIOCAST_PORT', '9001', 9001],
    ['token', 'ANGIOCAST_TOKEN', 'sixteen-characters', 'sixteen-characters'],
    ['model', 'ANGIOCAST_MODEL', '/models/mine', '/models/mine'],
    ['provider', 'ANGIOCAST_PROVIDER', 'webgpu', 'webgpu'],
    ['threads', 'ANGIOCAST_THREADS', '3', 3],
    ['logLevel', 'ANGIOCAST_LOG_LEVEL', 'debug', 'debug'],
    ['logFormat', 'ANGIOCAST_LOG_FORMAT', 'pretty', 'pretty'],
    ['otlpEndpoint', 'ANGIOCAST_OTLP_ENDPOINT', 'http://collector:4318', 'http://collector:4318'],
    ['allowedOrigins', 'ANGIOCAST_ALLOWED_ORIGINS', 'https://a, https://b', ['https://a', 'https://b']],
    ['operatorToken', 'ANGIOCAST_OPERATOR_TOKEN', 'sixteen-characters', 'sixteen-characters'],
    ['insecure', 'ANGIOCAST_INSECURE', '1', true],
    ['insecure', 'ANGIOCAST_INSECURE', 'false', false],
    ['limits', 'ANGIOCAST_LIMITS', '{"clients":9,"handshakeSeconds":2.5}', { ...configured().limits, clients: 9, handshakeSeconds: 2.5 }],
  ] as const)('takes %s from %s', (key, variable, text, value) => {
    expect(configured({ environment: { [variable]: text } })[key]).toEqual(value);
  });

  it('lets the environment win over the file, and the command line over both', () => {
    const [file, environment] = [
      { host: 'file', port: 1, logLevel: 'error' },
      { ANGIOCAST_HOST: 'environment', ANGIOCAST_PORT: '2' },
    ];
    expect(configured({ file, environment, options: { host: 'option' } })).toMatchObject({ host: 'option', port: 2, logLevel: 'error' });
    expect(configured({ file, environment })).toMatchObject({ host: 'environment', port: 2, logLevel: 'error' });
    expect(configured({ file })).toMatchObject({ host: 'file', port: 1, logLevel: 'error' });
  });

  it('takes an empty variable and an option that was not given for nothing', () => {
    expect(configured({ environment: { ANGIOCAST_HOST: '', ANGIOCAST_PORT: '' }, options: { host: undefined, port: undefined } })).toEqual(
      configured(),
    );
    expect(configured({ file: { host: 'file' }, environment: { ANGIOCAST_HOST: '' } }).host).toBe('file');
  });

  it('ignores variables that are none of its own', () => {
    expect(configured({ environment: { PORT: '80', ANGIOCAST_SAMPLE_DATA: 'x', ANGIOCAST_STREAMS: 'y' } })).toEqual(configured());
  });

  it('watches the sources of the command line instead of those of the file', () => {
    const file = { port: 9000, streams: [{ source: 'file:a.mp4' }] };
    const { port, streams } = configured({ file, sources: ['phantom:#seed=2', 'b.mp4#id=b'] });
    expect(port).toBe(9000);
    expect(streams.map(({ id, spec }) => [id, spec.kind])).toEqual([
      ['stream-1', 'phantom'],
      ['b', 'file'],
    ]);
  });

  it('watches the source that the environment names instead of those of the file, unless the command line names some', () => {
    const settings = {
      file: { streams: [{ source: 'a.mp4' }, { source: 'b.mp4' }] },
      environment: { ANGIOCAST_SOURCE: 'phantom:#id=own' },
    };
    expect(configured(settings).streams.map(({ id }) => id)).toEqual(['own']);
    expect(configured({ ...settings, sources: ['c.mp4#id=c'] }).streams.map(({ id }) => id)).toEqual(['c']);
  });

  it('takes id, name and options from the URI, and lets the file override them', () => {
    const source = 'rtsp://suite.example/live#id=uri&name=From%20the%20URI&pixelSpacingMm=0.2&imageArea=1,2,3,4';
    expect(configured({ sources: [source] }).streams).toMatchObject([
      { id: 'uri', name: 'From the URI', spec: { pixelSpacingMm: 0.2, imageArea: { x: 1, y: 2, width: 3, height: 4 } } },
    ]);
    expect(configured({ file: { streams: [{ source, id: 'file', name: 'File', pixelSpacingMm: 0.4 }] } }).streams).toMatchObject([
      { id: 'file', name: 'File', spec: { pixelSpacingMm: 0.4, imageArea: { x: 1, y: 2, width: 3, height: 4 } } },
    ]);
  });

  it('understands places to blank in the file as they stand in a URI, or with their numbers named', () => {
    const { streams } = fromYaml(
      'streams:',
      '  - source: a.mp4',
      '    redact: 6,7,8,9',
      '  - source: a.mp4#redact=6,7,8,9',
      '  - source: a.mp4',
      '    redact: [{ x: 6, y: 7, width: 8, height: 9 }]',
    );
    for (const { spec } of streams) expect(spec.redact).toEqual([{ x: 6, y: 7, width: 8, height: 9 }]);
  });

  it('understands an image area in the file as it stands in a URI', () => {
    const { streams } = fromYaml('streams:', '  - source: a.mp4', '    imageArea: 6,7,788,780');
    expect(streams[0]?.spec.imageArea).toEqual({ x: 6, y: 7, width: 788, height: 780 });
  });

  const stream = (rest: object): Partial<Settings> => ({ file: { streams: [{ source: 'phantom:', ...rest }] } });
  it.each<readonly [string, Partial<Settings>, RegExp]>([
    ['a host that is a number', { file: { host: 5 } }, /^host: expected string, got 5$/],
    ['a port that is a word', { options: { port: 'abc' } }, /^port: expected .*, got "abc"$/],
    ['a port that is half a number', { environment: { ANGIOCAST_PORT: '80a' } }, /^port: expected .*, got "80a"$/],
    ['a port out of range', { options: { port: '70000' } }, /^port: expected at most 65535, got "70000"$/],
    ['a port below zero', { file: { port: -1 } }, /^port: expected at least 0, got -1$/],
    ['a broken port', { file: { port: 80.5 } }, /^port: expected .*whole number.*, got 80.5$/],
    ['a port that is nothing', { file: { port: null } }, /^port: expected .*, got null$/],
    ['a port that is yes', { file: { port: true } }, /^port: expected .*, got true$/],
    ['an empty port', { file: { port: '' } }, /^port: expected .*, got ""$/],
    ['no thread', { file: { threads: 0 } }, /^threads: expected at least 1, got 0$/],
    ['a provider nobody knows', { options: { provider: 'rocm' } }, /^provider: expected one of auto, cuda.*cpu, got "rocm"$/],
    ['a log level nobody knows', { file: { logLevel: 'loud' } }, /^logLevel: expected one of debug, info, warn, error, got "loud"$/],
    ['origins that are no list', { file: { allowedOrigins: 'https://a' } }, /^allowedOrigins: expected array, got "https:\/\/a"$/],
    [
      'an operator like everybody',
      { file: { token: 'x'.repeat(16), operatorToken: 'x'.repeat(16) } },
      /^operatorToken: expected a value other than token’s, got the same$/,
    ],
    ['an insecurity nobody knows', { environment: { ANGIOCAST_INSECURE: 'maybe' } }, /^insecure: expected boolean, got "maybe"$/],
    ['no screen at all', { file: { limits: { clients: 0 } } }, /^limits\.clients: expected at least 1, got 0$/],
    [
      'a limit nobody knows',
      { file: { limits: { client: 9 } } },
      /^limits\.client: expected one of clients, .*; did you mean "clients"\?$/,
    ],
    ['limits that are a number', { environment: { ANGIOCAST_LIMITS: '9' } }, /^limits: expected object, got 9$/],
    ['limits that are no JSON', { environment: { ANGIOCAST_LIMITS: 'clients: 9' } }, /^limits: expected object, got "clients: 9"$/],
    ['an unknown key', { file: { prot: 80 } }, /^prot: expected one of host, port, .*, got "prot"; did you mean "port"\?$/],
    ['an unknown key of a stream', stream({ url: 'x' }), /^streams\[0\]\.url: expected one of source, id, .*, got "url"$/],
    ['a key of a stream that is nearly right', stream({ polarty: 'x' }), /^streams\[0\]\.polarty: .*; did you mean "polarity"\?$/],
    ['a provider that is nearly right', { file: { provider: 'cdua' } }, /got "cdua"; did you mean "cuda"\?$/],
    ['a log format nobody knows', { file: { logFormat: 'xml' } }, /^logFormat: expected one of auto, json, pretty, got "xml"$/],
    [
      'a source of the file nobody knows',
      { file: { streams: [{ source: 'phantom:' }, { source: 'http://x' }] } },
      /^streams\[1\]\.source: expected one of rtsp/,
    ],
    [
      'a source of the file with a wrong option',
      { file: { streams: [{ source: 'phantom:#seed=x' }] } },
      /^streams\[0\]\.source option seed: expected .*, got "x"$/,
    ],
    [
      'an address without http',
      { file: { otlpEndpoint: 'collector:4318' } },
      /^otlpEndpoint: expected an http or https URL, got "collector:4318"$/,
    ],
    ['a collector over gRPC', { file: { otlpEndpoint: 'grpc://a:b@c:4317' } }, /^otlpEndpoint: expected .*, got "grpc:\/\/\*\*\*@c:4317"$/],
    ['a collector without a name', { file: { otlpEndpoint: 'http://' } }, /^otlpEndpoint: expected an http or https URL, got "http:\/\/"$/],
    ['streams that are no list', { file: { streams: { source: 'a' } } }, /^streams: expected array, got/],
    ['a stream that is a text', { file: { streams: ['a.mp4'] } }, /^streams\[0\]: expected object, got "a.mp4"$/],
    ['a stream without a source', { file: { streams: [{ id: 'a' }] } }, /^streams\[0\]\.source: expected string, got nothing$/],
    ['an id with a space', stream({ id: 'a b' }), /^streams\[0\]\.id: expected letters, .*, got "a b"$/],
    ['an image area of two numbers', stream({ imageArea: '6,6' }), /^streams\[0\]\.imageArea: expected .*x,.*auto.*, got "6,6"$/],
    [
      'an image area without width',
      stream({ imageArea: { x: 1, y: 1, height: 5 } }),
      /^streams\[0\]\.imageArea: expected .*auto.*, got \{.*\}$/,
    ],
    [
      'a polarity nobody knows',
      stream({ polarity: 'grey' }),
      /^streams\[0\]\.polarity: expected one of dark-vessels, bright-vessels, got "grey"$/,
    ],
    ['a place of three numbers', stream({ redact: '1,2,3' }), /^streams\[0\]\.redact: expected x,y,width,height;x,.*, got "1,2,3"$/],
    [
      'a place without width',
      stream({ redact: [{ x: 1, y: 1, width: 0, height: 1 }] }),
      /^streams\[0\]\.redact\[0\]\.width: expected at least 1, got 0$/,
    ],
    [
      'hours that are none',
      stream({ expected: 'office hours' }),
      /^streams\[0\]\.expected: expected always, never, or hours such as mon-fri 07:00-19:00, sat 08:00-12:00, got "office hours"$/,
    ],
    [
      'a frame of more than a host',
      { file: { frameAncestors: ['https://a.example; script-src *'] } },
      /^frameAncestors\[0\]: expected https:\/\/host, or \* for all, got /,
    ],
    ['pixels without size', stream({ pixelSpacingMm: 0 }), /^streams\[0\]\.pixelSpacingMm: expected more than 0, got 0$/],
    [
      'a glass further away than any',
      stream({ captureLatencyMs: 2500 }),
      /^streams\[0\]\.captureLatencyMs: expected at most 2000, got 2500$/,
    ],
    ['a file that is a list', { file: ['a'] }, /^config file: expected keys with values, got a list$/],
    ['a file that is a text', { file: 'port 80' }, /^config file: expected keys with values, got a single value$/],
    ['a source nobody knows', { sources: ['http://x'] }, /^source: expected one of rtsp, .*, got "http:"$/],
    ['a source with a wrong option', { sources: ['phantom:#seed=x'] }, /^source option seed: expected .*, got "x"$/],
  ])('refuses %s in one line, with key, expectation and value', (_, settings, line) => {
    const message = refusal(() => configured(settings));
    expect(message).toMatch(line);
    expect(message).not.toContain('\n');
  });

  it('names the key of the second stream, when that is the wrong one', () => {
    const file = { streams: [{ source: 'phantom:' }, { source: 'phantom:', name: '' }] };
    expect(refusal(() => configured({ file }))).toBe('streams[1].name: expected at least 1 characters, got ""');
  });

  it('shows no token and no password in its refusals', () => {
    for (const [key, token] of ['token', 'operatorToken'].flatMap((name) =>
      ['short', 12345678, ['hidden']].map((secret) => [name, secret] as const),
    )) {
      const message = refusal(() => configured({ file: { [key]: token } }));
      expect(message).toMatch(new RegExp(`^${key}: expected`));
      expect(message).not.toMatch(/short|12345678|hidden/);
    }
    const source = 'rtsp://surgeon:hunter2@suite.example/live';
    for (const file of [{ streams: source }, { streams: [source] }, { streams: [{ source: [source] }] }, { host: [source] }]) {
      expect(refusal(() => configured({ file }))).not.toContain('hunter2');
    }
    expect(refusal(() => configured({ sources: [`${source}#id=a b`] }))).not.toContain('hunter2');
  });

  it('keeps to one short line, however long and broken the value is', () => {
    const message = refusal(() => configured({ file: { logLevel: 'a\nb'.repeat(2000) } }));
    expect(message).not.toContain('\n');
    expect(message.length).toBeLessThan(300);
  });

  it('refuses two streams with one id, whether it was given or came by itself', () => {
    expect(refusal(() => configured({ sources: ['phantom:#id=a', 'b.mp4#id=a'] }))).toBe(
      'streams[1].id: expected a unique id, got "a", which streams[0] has',
    );
    expect(refusal(() => configured({ sources: ['phantom:#id=stream-2', 'b.mp4'] }))).toBe(
      'streams[1].id: expected a unique id, got "stream-2", which streams[0] has',
    );
  });
});

describe('an odd configuration', () => {
  it.each([
    ['a list that contains itself', 'streams: &a [*a]', 'streams[0]: expected object, got a value that contains itself'],
    ['a key of two lines', '"ho\\nst": 1', /^ho\\nst: expected one of host, .*, got "ho\\nst"/],
    ['a value with escapes for a terminal', 'logLevel: "\\e[2J\\x7f"', /^logLevel: expected one of [^\p{Cc}]*$/u],
  ])('is refused in one line: %s', (_, text, message) => expect(refusal(() => fromYaml(text))).toMatch(message));

  it('is refused at once, however long', () => {
    const { user } = process.cpuUsage();
    expect(refusal(() => configured({ file: { provider: 'x'.repeat(200_000) } })).length).toBeLessThan(1000);
    expect(refusal(() => configured({ file: { ['x'.repeat(200_000)]: 1 } })).length).toBeLessThan(1000);
    expect(process.cpuUsage().user - user).toBeLessThan(2_000_000);
  });
});
