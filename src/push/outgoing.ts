import type { ServerMessage, Topic } from './protocol';

/** A message of a stream, encoded once for all who get it. */
export interface Outgoing {
  readonly type: ServerMessage['type'];
  readonly topic: Topic;
  readonly stream: string;
  readonly seq: number;
  /** Which image a mask, its invalidation or a picture belongs to. */
  readonly run: string | null;
  readonly frame: number | null;
  readonly data: Uint8Array;
  readonly binary: boolean;
  readonly publishedAt: number;
}
