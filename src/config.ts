import type { z } from 'zod';
import { parseSource } from './acquire/source-uri';
import type { SourceSpec } from './acquire/source-spec';
import { SourceUriError } from './acquire/uri-options';
import { configKeys, type ConfigKey, configSchema, fromVariable, type streamSchema, variableOf } from './config-schema';
import { ConfigError, trouble } from './config-trouble';
import { expectedHours, type ExpectedHours } from './measure/expected-hours';

export { ConfigError } from './config-trouble';

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
export function traced({ file, environment, options, sources }: Settings): { readonly config: Config; readonly origins: Origins } {
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
  const parsed = configSchema.safeParse(values);
  if (!parsed.success) throw new ConfigError(trouble(parsed.error, values));
  const { token, operatorToken } = parsed.data;
  if (token !== undefined && token === operatorToken) throw new ConfigError('operatorToken: expected another than token, got the same');
  const wanted = parsed.data.streams.length > 0 ? parsed.data.streams : [{ source: 'phantom:#seed=1' }];
  const place = origins.streams === 'file' ? null : origins.streams;
  return { config: { ...parsed.data, streams: distinct(wanted.map((stream, index) => toStream(stream, index, place))) }, origins };
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

function distinct(streams: readonly StreamConfig[]): readonly StreamConfig[] {
  const seen = new Map<string, number>();
  streams.forEach(({ id }, index) => {
    const first = seen.get(id);
    if (first !== undefined)
      throw new ConfigError(`streams[${index}].id: expected an id of its own, got "${id}", which streams[${first}] has`);
    seen.set(id, index);
  });
  return streams;
}
