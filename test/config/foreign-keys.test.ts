import { parse } from 'yaml';
import { parseSource } from '../../src/acquire/source-uri';
import { SourceUriError } from '../../src/acquire/uri-options';
import { toConfig } from '../../src/config/load';
import { configText } from '../../src/config/print';
import { withoutSecrets } from '../../src/config/secrets';
import { ConfigError } from '../../src/core/config-error';
import { parseModelCard } from '../../src/infer/bundle/model-card';
import { parseClientMessage } from '../../src/protocol/client-message';
import { decode } from '../../src/receive/decode';
import { aCard } from '../infer/valid-card';

/** Keys that reach Object.prototype where a program copies input unchecked. */
const keys = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];

const ofAll = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));
afterEach(() => {
  expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype))).toBe(ofAll);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

const configured = (text: string): unknown => toConfig({ file: parse(text) as unknown, environment: {}, options: {}, sources: [] });

function refusalOf(text: string): unknown {
  try {
    return configured(text);
  } catch (error) {
    return error;
  }
}

it.each(keys)('refuses the key %s wherever it stands in a configuration', (key) => {
  for (const text of [
    `${key}: { polluted: 1 }`,
    `"${key}": { token: sixteen-characters }`,
    `limits: { ${key}: { polluted: 1 } }`,
    `tls: { certificate: a, key: b, ${key}: { polluted: 1 } }`,
    `streams: [{ source: "phantom:", ${key}: { polluted: 1 } }]`,
    `streams: [{ source: "phantom:", redact: [{ x: 0, y: 0, width: 1, height: 1, ${key}: 1 }] }]`,
  ])
    expect(refusalOf(text)).toBeInstanceOf(ConfigError);
});

it('takes nothing from keys that a configuration hands down', () => {
  const file: unknown = Object.assign(Object.create({ insecure: true, host: '0.0.0.0' }) as object, { port: 9000 });
  expect(toConfig({ file, environment: {}, options: {}, sources: [] })).toMatchObject({ host: '127.0.0.1', insecure: false, port: 9000 });
});

it('refuses a configuration that unfolds without end', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'.split('').map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[i]}`).join()}]`),
  ].join('\n');
  expect(() => configured(bomb)).toThrow();
});

it.each(keys)('refuses %s as an option of a source', (key) => {
  expect(() => parseSource(`phantom:#${key}=1`)).toThrow(SourceUriError);
  expect(() => parseSource(`phantom:#${key}`)).toThrow(SourceUriError);
});

it.each(keys)('refuses %s in model.json', (key) => {
  const text = JSON.stringify(aCard());
  expect(() => parseModelCard(`{"${key}":{"polluted":1},${text.slice(1)}`)).toThrow(/^model\.json: /);
  expect(() => parseModelCard(text.replace('"thresholds":{', `"thresholds":{"${key}":1,`))).toThrow(/^model\.json: /);
});

it.each(keys)('takes nothing from %s in a message, of a client or of a server', (key) => {
  const said = parseClientMessage(`{"type":"clock","t0":1,"${key}":{"polluted":1}}`);
  expect(Object.entries(said)).toEqual([['type', 'clock'], ['t0', 1]]); // prettier-ignore
  expect(parseClientMessage(`{"${key}":{"type":"clock","t0":1}}`).type).toBe('unreadable');
  const heard = decode(`{"type":"error","seq":0,"stream":null,"at":1,"code":"x","message":"y","${key}":{"polluted":1}}`, (bytes) =>
    new TextDecoder().decode(bytes),
  );
  expect(heard.kind).toBe('message');
});

it.each(keys)('writes %s of a configuration or a log line as data', (key) => {
  const line = withoutSecrets(JSON.parse(`{"${key}":{"polluted":"a-very-secret-token"}}`), ['a-very-secret-token']);
  expect(JSON.stringify(line)).toBe(`{"${key}":{"polluted":"***"}}`);
  const { config, origins } = {
    config: toConfig({ file: null, environment: {}, options: {}, sources: [`phantom:#id=${key}`] }),
    origins: {},
  };
  expect(configText(config, origins as never)).toContain(`id: "${key}"`);
});
