import * as z from 'zod/mini';
import type { core } from 'zod/mini';
import { type Envelope, type ServerMessage, serverMessages } from './messages';

/** Which field the first of some issues is about, and what was expected there, in words. */
export function expectation(issues: readonly core.$ZodIssue[]): { readonly where: string; readonly expected: string } {
  const [issue] = issues;
  if (!issue) return { where: 'message', expected: 'something else' };
  return { where: issue.path.join('.') || 'message', expected: expectedText(issue) };
}

function expectedText(issue: core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return names[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `at least ${issue.minimum}${units[issue.origin] ?? ''}`;
    case 'too_big':
      return `at most ${issue.maximum}${units[issue.origin] ?? ''}`;
    case 'invalid_union':
      return 'a known one';
    case 'invalid_format':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return 'something else';
  }
}

const names: Readonly<Record<string, string>> = {
  number: 'a finite number',
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  tuple: 'a list',
  null: 'null',
};

const units: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };

/** A message of the server, or what is wrong with it: an unknown type, or an impossible field. */
export type ParsedServerMessage =
  | { readonly kind: 'message'; readonly message: ServerMessage & Envelope }
  | { readonly kind: 'unknown'; readonly type: string }
  | {
      readonly kind: 'malformed';
      /** Null where the type itself is missing. */
      readonly type: string | null;
      /** The field, as `lesions.0.centroid`; `message` for the whole. */
      readonly where: string;
      /** As in “Expected …”. */
      readonly expected: string;
    };

/**
 * Checks a parsed message; never throws. Unknown fields stay; those that an older server does not send are filled in.
 */
export function parseServerMessage(value: unknown): ParsedServerMessage {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { kind: 'malformed', type: null, where: 'message', expected: 'an object' };
  const type: unknown = 'type' in value ? value.type : undefined;
  if (typeof type !== 'string') return { kind: 'malformed', type: null, where: 'type', expected: 'a text' };
  if (!isKnown(type)) return { kind: 'unknown', type };
  // Pictures were sent as they were captured, once.
  const completed =
    type === 'frame' && 'width' in value && 'height' in value
      ? { encodedWidth: value.width, encodedHeight: value.height, ...value }
      : value;
  const parsed = z.safeParse(serverMessages[type], completed);
  if (!parsed.success) return { kind: 'malformed', type, ...expectation(parsed.error.issues) };
  return { kind: 'message', message: withUnknownFields(completed, parsed.data) as ServerMessage & Envelope };
}

/** The parsed message with the fields that the schema does not know. */
function withUnknownFields(received: unknown, parsed: unknown): unknown {
  if (Array.isArray(parsed)) return Array.isArray(received) ? parsed.map((one, at) => withUnknownFields(received[at], one)) : parsed;
  if (!isObject(parsed) || !isObject(received)) return parsed;
  return {
    ...received,
    ...Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, withUnknownFields(received[key], value)])),
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isKnown(type: string): type is keyof typeof serverMessages {
  return Object.hasOwn(serverMessages, type);
}
