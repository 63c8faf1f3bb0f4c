import type { z } from 'zod';
import type { SourceSpec } from '../acquire/source-spec';
import { parseSource } from '../acquire/source-uri';
import { SourceUriError } from '../acquire/uri-options';
import { ConfigError } from '../core/config-error';
import { expectedHours, type ExpectedHours } from '../measure/expected-hours';
import { isLoopback } from '../push/access/client-address';
import { configIssues, withoutInvalid } from './errors';
import { type ConfigKey, configKeys, configSchema, fromVariable, type streamSchema, variableOf } from './schema';

/** One stream as it is to be opened. */
export interface StreamConfig {
  readonly id: string;
  /** On screens. */
  readonly name: string;
  /** When it should give pictures; null: always. */
  readonly expected: ExpectedHours;
  readonly spec: SourceSpec;
}
export interface Config extends Readonly<Omit<z.infer<typeof configSchema>, 'streams'>> {
  readonly streams: readonly StreamConfig[];
}

/** Where a setting may come from; what stands further down this list wins. */
export interface Settings {
  /** The content of the configuration file, already read from YAML. */
  readonly file: unknown;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Options of the command line; undefined: not given. `sources` replace the file's streams. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly sources: readonly string[];
}

/** Where a value comes from: `file`, the name of a variable, an option as `--port`, or `default`. */
export type Origins = Readonly<Record<ConfigKey, string>>;

/** One configuration out of file, environment and command line. Without any source it shows the phantom suite. Throws a ConfigError or a SourceUriError. */
export const toConfig = (settings: Settings): Config => traced(settings).config;

/** The same, and where each value comes from. */
export function traced(settings: Settings): { readonly config: Config; readonly origins: Origins } {
  const { config, origins, wrong } = examined(settings);
  const [first] = wrong;
  if (first) throw first;
  if (!config) throw new ConfigError('configuration: not understood');
  return { config, origins };
}

/** A configuration as far as it is fine, and everything that is wrong with it, the first first. Null: nothing of it is. */
export interface Examined {
  readonly config: Config | null;
  readonly origins: Origins;
  readonly wrong: readonly (ConfigError | SourceUriError)[];
}

/** The same, without an end at the first thing that is wrong. */
export function examined({ file, environment, options, sources }: Settings): Examined {
  if (file !== null && file !== undefined && (typeof file !== 'object' || Array.isArray(file))) {
    throw new ConfigError(`config file: expected keys with values, got a ${Array.isArray(file) ? 'list' : 'single value'}`);
  }
  const inFile = (file ?? {}) as Readonly<Record<string, unknown>>;
  const values: Record<string, unknown> = { ...inFile };
  const origins = Object.fromEntries(configKeys.map((key) => [key, key in inFile ? 'file' : 'default'])) as Record<ConfigKey, string>;
  const set = (key: ConfigKey, value: unknown, origin: string): void => {
    if (value === undefined || value === '') return;
    values[key] = value;
    origins[key] = origin;
  };
  for (const key of configKeys) {
    const text = environment[variableOf(key)];
    if (text !== undefined && text !== '') set(key, fromVariable(key, text), variableOf(key));
    set(key, options[key], `--${key}`);
  }
  if (sources.length > 0) set('streams', sources.map((source) => ({ source })), '--source'); // prettier-ignore
  const wrong: (ConfigError | SourceUriError)[] = [];
  let parsed = configSchema.safeParse(values);
  if (parsed.error) {
    wrong.push(...configIssues(parsed.error, values).map((line) => new ConfigError(line)));
    parsed = configSchema.safeParse(withoutInvalid(values, parsed.error));
  }
  if (!parsed.success) return { config: null, origins, wrong };
  const { token, operatorToken } = parsed.data;
  if (token !== undefined && token === operatorToken)
    wrong.push(new ConfigError('operatorToken: expected another than token, got the same'));
  const wanted = parsed.data.streams.length > 0 ? parsed.data.streams : [{ source: 'phantom:#seed=1' }];
  const place = origins.streams === 'file' ? null : origins.streams;
  const streams = wanted.map((stream, index) => {
    try {
      return toStream(stream, index, place);
    } catch (error) {
      if (!(error instanceof ConfigError || error instanceof SourceUriError)) throw error;
      wrong.push(error);
      // Something in its place, so that the others keep theirs.
      return toStream({ ...stream, source: 'phantom:' }, index, place);
    }
  });
  wrong.push(...repeated(streams));
  return { config: { ...parsed.data, streams }, origins, wrong };
}

/** `place`: where the source was said, if not in the file, whose keys have a path. */
function toStream(
  { source, id, name, expected = 'always', ...rest }: z.infer<typeof streamSchema>,
  index: number,
  place: string | null,
): StreamConfig {
  const spec = specOf(source, place === null ? `streams[${index}].` : '');
  const streamId = id ?? spec.id ?? `stream-${index + 1}`;
  const merged = { ...spec, ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) };
  return { id: streamId, name: name ?? spec.name ?? streamId, expected: expectedHours(expected) ?? null, spec: merged };
}

function specOf(source: string, path: string): SourceSpec {
  try {
    return parseSource(source);
  } catch (error) {
    if (path === '' || !(error instanceof SourceUriError)) throw error;
    throw new ConfigError(`${path}${error.message}`);
  }
}

/** Of each id that an earlier stream has. */
function repeated(streams: readonly StreamConfig[]): readonly ConfigError[] {
  const seen = new Map<string, number>();
  return streams.flatMap(({ id }, index) => {
    const first = seen.get(id);
    if (first === undefined) seen.set(id, index);
    return first === undefined
      ? []
      : [new ConfigError(`streams[${index}].id: expected an id of its own, got "${id}", which streams[${first}] has`)];
  });
}

/** Why anybody who reaches this machine would be let in, although nobody said that this is meant; null: nobody would. */
export function isUnprotected({ host, token, operatorToken, insecure }: Config): string | null {
  if (host === 'localhost' || isLoopback(host)) return null;
  if (token !== undefined || operatorToken !== undefined || insecure) return null;
  return `host: expected a token where other machines can ask (ANGIOCAST_TOKEN, or token in the file), or --insecure to let everybody in, got "${host}" without either`;
}

/** Throws a ConfigError where it is unguarded. */
export function checkNetworkAccess(config: Config): void {
  const why = isUnprotected(config);
  if (why !== null) throw new ConfigError(why);
}
