import fc from 'fast-check';
import { readLogLine } from '../../src/acquire/ffmpeg/log-line';
import { secretsIn } from '../../src/acquire/passwords';
import { parseSource } from '../../src/acquire/source-uri';
import { SourceUriError } from '../../src/acquire/uri-options';
import { toConfig } from '../../src/config/load';
import { withoutSecrets } from '../../src/config/secrets';
import { ConfigError } from '../../src/core/config-error';
import { redactUri } from '../../src/core/log-text';
import { parseClientMessage } from '../../src/protocol/client-message';
import { isAllowedOrigin, isKnownHost } from '../../src/push/access/access-request';
import { scopes } from '../../src/push/access/access.node';
import { parseSubscription } from '../../src/push/websocket/subscription';
import { holds, refusalOf } from './fuzz';

/** Whatever looks at a text from outside with a pattern, or letter by letter. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  redactUri,
  readLogLine,
  parseSource: (text) => refusalOf(() => parseSource(text), SourceUriError),
  parseOption: (text) => refusalOf(() => parseSource(`file:a#${text}`), SourceUriError),
  parseNumber: (text) => refusalOf(() => parseSource(`v4l2:a#rate=${text}`), SourceUriError),
  parseRtsp: (text) => refusalOf(() => parseSource(`rtsp://${text}`), SourceUriError),
  configKey: (text) => refusalOf(() => configured({ [text]: 1 }), ConfigError, SourceUriError),
  configChoice: (text) => refusalOf(() => configured({ provider: text }), ConfigError, SourceUriError),
  configToken: (text) => refusalOf(() => configured({ token: text }), ConfigError, SourceUriError),
  configPort: (text) => refusalOf(() => configured({ port: text }), ConfigError, SourceUriError),
  configArea: (text) => refusalOf(() => configured({ streams: [{ source: 'a', imageArea: text }] }), ConfigError, SourceUriError),
  configName: (text) => refusalOf(() => configured({ streams: [{ source: 'a', id: text }] }), ConfigError, SourceUriError),
  askedFor: (text) => parseSubscription({ all: () => [text] }, ['a'], 'e'),
  scopeOf: (text) => scopeOf({ ...nobody, authorization: text, queryToken: text, protocols: [text] }),
  isKnownHost: (text) => isKnownHost({ ...nobody, host: text }, [text.slice(1)]),
  isAllowedOrigin: (text) => isAllowedOrigin({ ...nobody, origin: text, host: text }, [text.slice(1)]),
  parseClientMessage,
  withoutSecrets: (text) => withoutSecrets({ text }, ['a-secret']),
  secretsIn,
};
const nobody = { authorization: undefined, queryToken: null, protocols: [], origin: undefined, host: undefined, secure: false };
const scopeOf = scopes({ token: 'a-long-enough-token', operatorToken: 'another-long-enough-token' });
const configured = (file: unknown) => toConfig({ file, environment: {}, options: {}, sources: [] });

/** What patterns repeat: repeated often, a careless one tries every way to share it out. */
const units = fc.oneof(
  fc.constantFrom(
    ...['a', '1', ' ', '.', ':', '/', '@', '?', ';', '&', '=', '-', 'a.', '1.', 'a@', '//', '://', 'a:', '/?', ';pass', '?pass', '&key'],
    ...['rtsp://', 'rtsp://a@', 'user', 'n:1', 'n: 1 pts: 1 ', 'pts_time:1 ', ' s:1x1', 'Stream #0:1', ': Video: ', ', 1 fps', '[error]'],
    ...['Bearer ', 'a,', '1:', '[', '[]', '[0', '%20', '%', '\t', '\n', '😀', ', 1', ' 1k', '"', '{"a":', '\\'],
  ),
  fc.string({ minLength: 1, maxLength: 4 }),
);
const LONG = 65_536;
const long = fc
  .tuple(fc.array(units, { maxLength: 2 }), fc.array(units, { minLength: 1, maxLength: 3 }), fc.array(units, { maxLength: 2 }))
  .map(([before, middle, after]) => {
    const unit = middle.join('');
    return before.join('') + unit.repeat(Math.ceil(LONG / unit.length)) + after.join('');
  });

holds(
  'no text keeps its parser busy, however long',
  fc.tuple(fc.constantFrom(...Object.keys(readers)), long),
  ([name, text]) => readers[name]?.(text),
  { slowestMs: 500 },
);
