import type { ServerMessage, Topic } from '../../protocol/messages';

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

/** Of one message in the sizes it is there in: the widest a screen can use, undefined where there is none. Only pictures come in several. */
export function fitting(renditions: readonly Outgoing[], maxWidth: number | null): Outgoing | undefined {
  const usable = renditions.filter(({ widths }) => {
    if (widths === null) return true;
    return maxWidth === null ? widths.encoded === widths.captured : widths.encoded <= maxWidth;
  });
  return usable.reduce<Outgoing | undefined>((widest, one) => (widest && wide(widest) >= wide(one) ? widest : one), undefined);
}

const wide = ({ widths }: Outgoing): number => widths?.encoded ?? 0;
