import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { SourceUriError } from '../../src/acquire/uri-options';
import { readYaml } from '../../src/cli/read-config.node';
import { toConfig } from '../../src/config/load';
import { configKeys, environmentVariable } from '../../src/config/schema';
import { ConfigError } from '../../src/core/config-error';
import { holds, keptTexts, mustBeOneLine, refusalOf } from './fuzz';
import { mustBeUnpolluted, mutatedValue } from './mutated-json';
import { anyText, mutatedText } from './mutations';

const explained = readFileSync(path.join(__dirname, '../../angiocast.yaml'), 'utf8');
/** angiocast.yaml without its comments. */
const short = explained.replace(/^# ?(?=\w+:)/gm, '').replace(/^\s*#.*\n/gm, '');
const example = {
  ...{ host: '0.0.0.0', port: 9000, token: 'a-long-enough-token', allowedOrigins: ['https://viewer.example'], model: './my-model' },
  ...{ provider: 'cpu', threads: 2, logLevel: 'warn', logFormat: 'pretty' },
  streams: [
    { source: 'rtsp://suite.example/live', id: 'suite-1', name: 'Suite 1', imageArea: { x: 6, y: 7, width: 788, height: 780 } },
    { source: 'v4l2:/dev/video0#size=1920x1080', imageArea: '1,2,300,400', polarity: 'bright-vessels', pixelSpacingMm: 0.3 },
  ],
};
const folder = mkdtempSync(path.join(tmpdir(), 'angiocast-fuzz-'));
const file = path.join(folder, 'angiocast.yaml');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// The YAML reader warns of some odd files on standard error; a configuration is right or wrong.
beforeAll(() => void jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined));

const understood = (work: () => unknown): void => {
  const refusal = refusalOf(work, ConfigError, SourceUriError);
  if (refusal) mustBeOneLine(refusal.message);
  mustBeUnpolluted();
};
const configured = (content: unknown) => toConfig({ file: content, environment: {}, options: {}, sources: [] });

const yamls = fc.oneof(
  { weight: 3, arbitrary: mutatedValue([example]).map((value) => stringify(value)) },
  { weight: 3, arbitrary: mutatedText(fc.constantFrom(stringify(example), stringify(example), stringify(example), short)) },
  { weight: 1, arbitrary: anyText },
);

holds(
  'a configuration file is parsed, or refused in one line',
  yamls,
  (text) => {
    writeFileSync(file, text);
    understood(() => configured(readYaml(file)));
  },
  { kept: keptTexts('config') },
);

holds('any value of a file is parsed, or refused in one line', mutatedValue([example]), (value) => understood(() => configured(value)));

const variables = fc.dictionary(fc.constantFrom(...configKeys.map(environmentVariable)), anyText);
const options = fc.dictionary(fc.constantFrom(...configKeys), fc.oneof(anyText, fc.jsonValue()));

holds(
  'the environment and the command line are parsed, or refused in one line',
  fc.record({ environment: variables, options, sources: fc.array(anyText, { maxLength: 2 }) }),
  ({ environment, options, sources }) => understood(() => toConfig({ file: null, environment, options, sources })),
);
