import type * as z from 'zod';
import { redactUri } from '../core/log-text';
import { type ConfigKey, configKeys, nestedKeys, secretKeys } from './schema';

/** Characters of an invalid value that a message repeats. */
const MAX_SHOWN = 100;

/** All that is invalid, one line each: the key, what was expected, what was found, and perhaps what was meant. */
export const configIssues = ({ issues }: z.ZodError, given: unknown): readonly string[] =>
  issues.flatMap((issue) => configIssue(issue, given));

function configIssue(issue: z.core.$ZodIssue, given: unknown): readonly string[] {
  if (issue.code === 'unrecognized_keys') {
    const known = nestedKeys[issue.path[0] as ConfigKey] ?? configKeys;
    return issue.keys.map(
      (key) => `${pathOf([...issue.path, key])}: expected one of ${known.join(', ')}, got ${shown(key)}${suggestion(key, known)}`,
    );
  }
  const got = issue.path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part], given);
  const choices = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  const what = secretKeys.includes(issue.path[0] as ConfigKey) ? 'another' : shown(got);
  return [`${pathOf(issue.path)}: ${expectation(issue)}, got ${what}${typeof got === 'string' ? suggestion(got, choices) : ''}`];
}

type Values = Readonly<Record<string, unknown>>;
const isValues = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The configuration without its invalid values, so that the rest can be checked too. Streams keep their places; one
 * without a valid source gets `phantom:`.
 */
export function withoutInvalid(given: Values, { issues }: z.ZodError): Values {
  const fine: Record<string, unknown> = { ...given };
  const streams = Array.isArray(given.streams) ? given.streams.map((stream: unknown) => (isValues(stream) ? { ...stream } : stream)) : null;
  if (streams) fine.streams = streams;
  for (const issue of issues) {
    const [key, index, inner] = issue.path;
    const stream: unknown = key === 'streams' && typeof index === 'number' ? streams?.[index] : undefined;
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [];
    if (key === undefined) for (const name of unknown) Reflect.deleteProperty(fine, name);
    else if (streams === null || typeof index !== 'number' || key !== 'streams') Reflect.deleteProperty(fine, key);
    else if (!isValues(stream) || inner === 'source') streams[index] = { ...(isValues(stream) && stream), source: 'phantom:' };
    else for (const name of inner === undefined ? unknown : [inner]) Reflect.deleteProperty(stream, name);
  }
  return fine;
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${String(part)}`)).join('') || 'configuration';

function suggestion(word: string, words: readonly string[]): string {
  const guess = closestWord(word, words);
  return guess === null ? '' : `; did you mean "${guess}"?`;
}

/** A value as one short line without credentials. */
function shown(value: unknown): string {
  const text = redactUri(asJson(value));
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** YAML aliases can make a list that contains itself. */
function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'nothing';
  } catch {
    return 'a value that contains itself';
  }
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

/** The word with the fewest typing errors, at most one in three letters; null when none is that close. */
export function closestWord(word: string, words: readonly string[]): string | null {
  const most = Math.max(1, Math.floor(word.length / 3));
  const [best] = words
    .filter((candidate) => Math.abs(candidate.length - word.length) <= most)
    .map((candidate) => ({ candidate, errors: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.errors - b.errors);
  return best && best.errors <= most ? best.candidate : null;
}

/** The optimal string alignment distance: letters inserted, deleted, replaced, or swapped with their neighbour. */
export function editDistance(from: string, to: string): number {
  let [before, row]: [readonly number[], readonly number[]] = [[], Array.from({ length: to.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] as number) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1] ? (before[j - 2] as number) + 1 : Infinity;
      next.push(Math.min(replaced, swapped, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    [before, row] = [row, next];
  }
  return row[to.length] as number;
}
