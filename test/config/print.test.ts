import { parse } from 'yaml';
import { configWithOrigins, toConfig } from '../../src/config/load';
import { configText } from '../../src/config/print';

const printed = (settings: Partial<Parameters<typeof configWithOrigins>[0]>): string => {
  const { config, origins } = configWithOrigins({ file: null, environment: {}, options: {}, sources: [], ...settings });
  return configText(config, origins);
};

it('shows where each value comes from', () => {
  const text = printed({
    file: { host: '::1', logLevel: 'warn', provider: 'cpu' },
    environment: { ANGIOCAST_LOG_LEVEL: 'debug', ANGIOCAST_SOURCE: 'phantom:#seed=3' },
    options: { port: '9000' },
  });
  expect(text.split('\n')).toEqual(
    expect.arrayContaining([
      ...['host: "::1" # file', 'port: 9000 # --port', 'logLevel: "debug" # ANGIOCAST_LOG_LEVEL', 'provider: "cpu" # file'],
      ...['logFormat: "auto" # default', '# token: not set (ANGIOCAST_TOKEN sets it)', 'streams: # ANGIOCAST_SOURCE'],
    ]),
  );
});

it('prints YAML that means the same configuration', () => {
  const sources = [
    ...[
      'rtsp://host:554/a?channel=1#transport=udp&name=Suite%201',
      'v4l2:/dev/video0#size=1920x1080&rate=60&format=yuyv422',
      'phantom:#seed=7&rate=5',
    ],
    ...[
      'file:a%23b.mp4#rate=max&repeat=1&imageArea=1,2,3,4&polarity=bright-vessels&pixelSpacingMm=0.3&captureLatencyMs=87.5&redact=1,2,3,4;5,6,7,8',
      'rtsp-listen://0.0.0.0:8554/x#hwaccel=cuda&track=2&deinterlace=none',
      'x11grab::99.0#size=1280x800&timestamps=ignore',
    ],
  ];
  const before = toConfig({ file: { threads: 2, model: 'm' }, environment: {}, options: {}, sources });
  const after = toConfig({
    file: parse(printed({ file: { threads: 2, model: 'm' }, sources })),
    environment: {},
    options: {},
    sources: [],
  });
  const known = ({ streams, ...rest }: typeof before) => ({
    ...rest,
    streams: streams.map(({ spec, ...stream }) => ({ ...stream, spec: { ...spec, id: null, name: null } })),
  });
  expect(known(after)).toEqual(known(before));
});

it('shows no secret', () => {
  const text = printed({
    file: {
      token: 'a-very-secret-token',
      otlpEndpoint: 'https://surgeon:hunter2@collector.example/v1/traces?apikey=swordfish',
      streams: [{ source: 'rtsp://surgeon:hunter2@suite.example/live?password=swordfish' }],
    },
  });
  expect(text).not.toMatch(/a-very-secret-token|hunter2|swordfish|surgeon/);
  expect(text).toContain('# token: not shown # file');
  expect(text).toContain('otlpEndpoint: "https://***@collector.example/v1/traces?apikey=***" # file');
});
