import * as z from 'zod/mini';
import { count, finite, time, type DataOf } from './fields';
import { topic } from './messages';
import { expectation } from './parse-server-message';
import { MIN_PICTURE_WIDTH, MAX_PICTURE_WIDTH } from './picture-widths';

const streamId = z.string().check(z.maxLength(200));

/** Every message of a client, by type. */
export const clientMessages = {
  subscribe: z.object({
    type: z.literal('subscribe'),
    streams: z._default(z.array(streamId).check(z.maxLength(256)), []),
    topics: z._default(z.array(topic), []),
    maxWidth: z.nullish(z.int().check(z.gte(MIN_PICTURE_WIDTH), z.lte(MAX_PICTURE_WIDTH))),
  }),
  clock: z.object({ type: z.literal('clock'), t0: finite }),
  painted: z.object({ type: z.literal('painted'), stream: streamId, seq: count, frame: z.nullish(count), paintedAt: time }),
};

const clientMessage = z.discriminatedUnion('type', [clientMessages.subscribe, clientMessages.clock, clientMessages.painted]);
export type ClientMessage = DataOf<typeof clientMessage>;

/** A client's message, or what is wrong with it. */
export function parseClientMessage(text: string): ClientMessage | { readonly type: 'unreadable'; readonly why: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { type: 'unreadable', why: 'Expected JSON' };
  }
  const parsed = z.safeParse(clientMessage, json);
  if (parsed.success) return parsed.data;
  const { where, expected } = expectation(parsed.error.issues);
  return { type: 'unreadable', why: `${where}: Expected ${expected}` };
}
