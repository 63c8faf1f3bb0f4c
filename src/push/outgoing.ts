import type { ServerMessage, Topic } from './protocol';

/** A message of a stream, encoded once for all who get it. A picture has one of these, all with the same number, for each size that screens want it in. */
export interface Outgoing {
  readonly type: ServerMessage['type'];
  readonly topic: Topic;
  readonly stream: string;
  readonly seq: number;
  /** Which image a mask, its invalidation or a picture belongs to. */
  readonly run: string | null;
  readonly frame: number | null;
  /** Of a picture: pixels across, as it was captured and as it is sent; else null. */
  readonly widths: { readonly captured: number; readonly encoded: number } | null;
  readonly data: Uint8Array;
  readonly binary: boolean;
  readonly publishedAt: number;
}
