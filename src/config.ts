import { z } from 'zod';
import { redactUri } from './acquire/redact-uri';
import { parseSource } from './acquire/source-uri';
import type { SourceSpec } from './acquire/source-spec';
import { area } from './acquire/uri-options';
import { PROVIDERS } from './infer/provider';

/** A configuration that cannot be used: one line with the key, what was expected, what was got. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'INVALID_CONFIG';
}

/** A whole number, or a text of digits, as the environment and the command line give it. */
const whole = (least: number, most: number) =>
  z.preprocess((value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value), z.int().min(least).max(most));
const rect = z.strictObject({ x: z.int().min(0), y: z.int().min(0), width: z.int().min(1), height: z.int().min(1) });
const name = z.string().regex(/^[\w.-]{1,64}$/, 'expected letters, digits, ".", "_" or "-"');

/** As in a URI, or with its numbers named. */
const imageArea = z.preprocess(
  (value) => (typeof value === 'string' ? (area.read(value) ?? value) : value),
  z.union([z.literal('auto'), rect], { error: `expected ${area.expected}` }),
);

const stream = z.strictObject({
  source: z.string().min(1),
  id: name.optional(),
  name: z.string().min(1).max(100).optional(),
  imageArea: imageArea.optional(),
  polarity: z.enum(['dark-vessels', 'bright-vessels']).optional(),
  pixelSpacingMm: z.number().positive().optional(),
});

const schema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: whole(0, 65535).default(8080),
  token: z.string().min(16).optional(),
  allowedOrigins: z.array(z.string()).default([]),
  model: z.string().min(1).optional(),
  provider: z.enum(['auto', ...PROVIDERS]).default('auto'),
  threads: whole(1, 256).optional(),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  streams: z.array(stream).default([]),
});

/** One stream as it is to be opened. */
export interface StreamConfig {
  readonly id: string;
  readonly name: string;
  readonly spec: SourceSpec;
}
export interface Config extends Omit<z.infer<typeof schema>, 'streams'> {
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

const variables = {
  ...{ host: 'ANGIOCAST_HOST', port: 'ANGIOCAST_PORT', token: 'ANGIOCAST_TOKEN', model: 'ANGIOCAST_MODEL' },
  ...{ provider: 'ANGIOCAST_PROVIDER', threads: 'ANGIOCAST_THREADS', logLevel: 'ANGIOCAST_LOG_LEVEL' },
} as const;

/** One configuration out of file, environment and command line. Without any source it shows the phantom suite. Throws a ConfigError. */
export function toConfig({ file, environment, options, sources }: Settings): Config {
  if (file !== null && file !== undefined && (typeof file !== 'object' || Array.isArray(file))) {
    throw new ConfigError(`config file: expected keys with values, got a ${Array.isArray(file) ? 'list' : 'single value'}`);
  }
  const given = (values: object): object =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''));
  const fromEnvironment = Object.fromEntries(Object.entries(variables).map(([key, variable]) => [key, environment[variable]]));
  const streams = sources.length > 0 ? { streams: sources.map((source) => ({ source })) } : {};
  const all = { ...file, ...given(fromEnvironment), ...given(options), ...streams };
  const parsed = schema.safeParse(all);
  if (!parsed.success) throw new ConfigError(describe(parsed.error, all));
  const wanted = parsed.data.streams.length > 0 ? parsed.data.streams : [{ source: 'phantom:#seed=1' }];
  return { ...parsed.data, streams: distinct(wanted.map(toStream)) };
}

/** Characters of a wrong value that a refusal repeats. */
const MOST_SHOWN = 100;

/** The first thing that is wrong: which key, what was expected, what was got. */
function describe({ issues: [issue] }: z.ZodError, given: unknown): string {
  if (!issue) return 'configuration: not understood';
  const key =
    issue.path.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${String(part)}`)).join('') ||
    'configuration';
  if (issue.code === 'unrecognized_keys') return `${key}: expected known keys, got "${issue.keys.join('", "')}"`;
  const got = issue.path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part], given);
  return `${key}: ${expectation(issue)}, got ${issue.path.includes('token') ? 'another' : shown(got)}`;
}

/** A value as one short line that gives no credentials away. */
function shown(value: unknown): string {
  const text = redactUri(JSON.stringify(value) ?? 'nothing');
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `expected ${issue.expected === 'int' ? 'a whole number' : issue.expected}`;
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.join(', ')}`;
  if (issue.code === 'too_small') {
    return `expected ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${issue.origin === 'string' ? ' characters' : ''}`;
  }
  if (issue.code === 'too_big') return `expected at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`;
  return issue.message.startsWith('expected') ? issue.message : `expected something else (${issue.message})`;
}

function toStream({ source, id, name: shownName, ...rest }: z.infer<typeof stream>, index: number): StreamConfig {
  const spec = parseSource(source);
  const streamId = id ?? spec.id ?? `stream-${index + 1}`;
  const merged = { ...spec, ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) };
  return { id: streamId, name: shownName ?? spec.name ?? streamId, spec: merged };
}

function distinct(streams: readonly StreamConfig[]): readonly StreamConfig[] {
  const twice = streams.find(({ id }, i) => streams.findIndex((other) => other.id === id) < i);
  if (twice) throw new ConfigError(`streams: expected different ids, got "${twice.id}" twice`);
  return streams;
}
