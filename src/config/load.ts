import type * as z from 'zod';
import type { SourceSpec } from '../acquire/source-spec';
import { parseSource } from '../acquire/source-uri';
import { SourceUriError } from '../acquire/uri-options';
import { ConfigError } from '../core/config-error';
import { expectedHours, type ExpectedHours } from '../measure/expected-hours';
import { isLoopback } from '../push/access/access-request';
import { configIssues, withoutInvalid } from './errors';
import { type ConfigKey, configKeys, configSchema, fromEnvironment, type streamSchema, environmentVariable } from './schema';

export interface StreamConfig {
  readonly id: string;
  /** Shown on screens. */
  readonly name: string;
  /** When pictures are expected; null: always. */
  readonly expected: ExpectedHours;
  readonly spec: SourceSpec;
}
export interface Config extends Readonly<Omit<z.infer<typeof configSchema>, 'streams'>> {
  readonly streams: readonly StreamConfig[];
}

/** Where settings come from, in ascending precedence. */
export interface Settings {
  /** The configuration file, parsed from YAML. */
  readonly file: unknown;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Command-line options; undefined: not given. `sources` replace the file's streams. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly sources: readonly string[];
}

/** Where each value comes from: `file`, an environment variable, an option such as `--port`, or `default`. */
export type Origins = Readonly<Record<ConfigKey, string>>;

/**
 * Merges file, environment and command line. Without a source the phantom suite is shown. Throws a ConfigError or a
 * SourceUriError.
 */
export const toConfig = (settings: Settings): Config => configWithOrigins(settings).config;

/** As `toConfig`, with the origin of each value. */
export function configWithOrigins(settings: Settings): { readonly config: Config; readonly origins: Origins } {
  const { config, origins, errors } = inspectConfig(settings);
  const [first] = errors;
  if (first) throw first;
  if (!config) throw new ConfigError('configuration: not understood');
  return { config, origins };
}

/** The valid part of a configuration (null: none) and all its errors, in order. */
export interface InspectedConfig {
  readonly config: Config | null;
  readonly origins: Origins;
  readonly errors: readonly (ConfigError | SourceUriError)[];
}

/** As `configWithOrigins`, without stopping at the first error. */
export function inspectConfig({ file, environment, options, sources }: Settings): InspectedConfig {
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
    const text = environment[environmentVariable(key)];
    if (text !== undefined && text !== '') set(key, fromEnvironment(key, text), environmentVariable(key));
    set(key, options[key], `--${key}`);
  }
  if (sources.length > 0) set('streams', sources.map((source) => ({ source })), '--source'); // prettier-ignore
  const errors: (ConfigError | SourceUriError)[] = [];
  let parsed = configSchema.safeParse(values);
  if (parsed.error) {
    errors.push(...configIssues(parsed.error, values).map((line) => new ConfigError(line)));
    parsed = configSchema.safeParse(withoutInvalid(values, parsed.error));
  }
  if (!parsed.success) return { config: null, origins, errors };
  const { token, operatorToken } = parsed.data;
  if (token !== undefined && token === operatorToken)
    errors.push(new ConfigError('operatorToken: expected a value other than token’s, got the same'));
  const wanted = parsed.data.streams.length > 0 ? parsed.data.streams : [{ source: 'phantom:#seed=1' }];
  const place = origins.streams === 'file' ? null : origins.streams;
  const streams = wanted.map((stream, index) => {
    try {
      return toStream(stream, index, place);
    } catch (error) {
      if (!(error instanceof ConfigError || error instanceof SourceUriError)) throw error;
      errors.push(error);
      // A placeholder, so that the other streams keep their index.
      return toStream({ ...stream, source: 'phantom:' }, index, place);
    }
  });
  errors.push(...duplicateIds(streams));
  return { config: { ...parsed.data, streams }, origins, errors };
}

/** `place`: where the source was given; null: in the file, where its key has a path. */
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

/** One error for each id that an earlier stream already has. */
function duplicateIds(streams: readonly StreamConfig[]): readonly ConfigError[] {
  const seen = new Map<string, number>();
  return streams.flatMap(({ id }, index) => {
    const first = seen.get(id);
    if (first === undefined) seen.set(id, index);
    return first === undefined
      ? []
      : [new ConfigError(`streams[${index}].id: expected a unique id, got "${id}", which streams[${first}] has`)];
  });
}

/** Why everyone who can reach this machine would be let in without `insecure`; null: they would not. */
export function accessProblem({ host, token, operatorToken, insecure }: Config): string | null {
  if (host === 'localhost' || isLoopback(host)) return null;
  if (token !== undefined || operatorToken !== undefined || insecure) return null;
  return `host: expected a token where other machines can connect (ANGIOCAST_TOKEN, or token in the file), or --insecure to let everybody in, got "${host}" without either`;
}

/** Throws a ConfigError when the server would be open to everyone. */
export function checkNetworkAccess(config: Config): void {
  const why = accessProblem(config);
  if (why !== null) throw new ConfigError(why);
}
