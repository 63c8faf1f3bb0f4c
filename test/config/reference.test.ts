import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { toConfig } from '../../src/config/load';
import { configKeys, configSchema, nestedKeys, streamKeys, environmentVariable } from '../../src/config/schema';

const text = readFileSync(path.join(__dirname, '../../angiocast.yaml'), 'utf8');
const nothing = { environment: {}, options: {}, sources: [] };
const uncommented = text.replace(/^( *)# ((?: {2})?[a-zA-Z]+:(?: \S+)?)$/gm, '$1$2');
/** The comment above a key, which may itself be commented out. */
const commentOf = (key: string): string => new RegExp(`^ *# (.*)\\n *(?:- |# )?${key}:`, 'm').exec(text)?.[1] ?? '';

it('documents the defaults in angiocast.yaml', () => {
  expect(toConfig({ ...nothing, file: parse(text) })).toEqual(toConfig({ ...nothing, file: null }));
});

it('names there every key there is, in the order of the schema, each with a comment', () => {
  const file = parse(uncommented) as Readonly<Record<string, unknown>> & { readonly streams: readonly object[] };
  expect(Object.keys(file)).toEqual(configKeys);
  expect(Object.keys(file.streams[0] ?? {})).toEqual(streamKeys);
  for (const [key, keys] of Object.entries(nestedKeys))
    if (key !== 'streams') expect([key, Object.keys(file[key] as object)]).toEqual([key, keys]);
  for (const key of [...configKeys, ...streamKeys, ...(nestedKeys.limits ?? [])])
    expect([key, commentOf(key).length > 10 || key === 'port']).toEqual([key, true]);
  expect(() => toConfig({ ...nothing, file })).not.toThrow();
});

it('leaves out there only what has no default', () => {
  const said = Object.keys(parse(text) as object);
  const withDefault = configKeys.filter((key) => configSchema.shape[key].safeParse(undefined).data !== undefined);
  expect(said).toEqual(withDefault);
});

it('names there the variable of every key', () => {
  for (const key of configKeys) expect(text).toContain(environmentVariable(key));
});
