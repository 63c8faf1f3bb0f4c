import * as z from 'zod/mini';
import { expectation } from './expectation';
import { serverMessages, type Envelope, type ServerMessage } from './protocol';

/** A message of the server, or what is wrong with it: a type this version does not know, or a field that cannot be meant. */
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

/** Reads the JSON of a server's message, parsed already; never throws. The message is the value itself, with whatever else it carries. */
export function parseServerMessage(value: unknown): ParsedServerMessage {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { kind: 'malformed', type: null, where: 'message', expected: 'an object' };
  const type: unknown = 'type' in value ? value.type : undefined;
  if (typeof type !== 'string') return { kind: 'malformed', type: null, where: 'type', expected: 'a text' };
  if (!isKnown(type)) return { kind: 'unknown', type };
  const parsed = z.safeParse(serverMessages[type], value);
  if (!parsed.success) return { kind: 'malformed', type, ...expectation(parsed.error.issues) };
  return { kind: 'message', message: value as ServerMessage & Envelope };
}

function isKnown(type: string): type is keyof typeof serverMessages {
  return Object.hasOwn(serverMessages, type);
}
