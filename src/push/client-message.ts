import { z } from 'zod';
import { topics } from './protocol';

const clientMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('subscribe'),
    streams: z.array(z.string().max(200)).max(256).default([]),
    topics: z.array(z.enum(topics)).default([]),
  }),
  z.object({ type: z.literal('clock'), t0: z.number() }),
  z.object({
    type: z.literal('painted'),
    stream: z.string().max(200),
    seq: z.number().int(),
    frame: z.number().int().nullish(),
    paintedAt: z.number(),
  }),
]);
export type ClientMessage = z.infer<typeof clientMessage>;

/** What a client said, or why it makes no sense. */
export function parseClientMessage(text: string): ClientMessage | { readonly type: 'unreadable'; readonly why: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { type: 'unreadable', why: 'Expected JSON' };
  }
  const parsed = clientMessage.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return { type: 'unreadable', why: issue ? `${issue.path.join('.') || 'message'}: ${issue.message}` : 'Expected a known message' };
}
