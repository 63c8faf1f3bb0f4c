import type { InvalidReason } from '../../event';
import type { FrameMessage, MaskMessage } from '../../protocol/messages';
import { emptySnapshot, type StreamSnapshot, updateSnapshot } from '../../protocol/stream-snapshot';
import type { AnyReceived } from '../../receive/client-events';

/**
 * The page's connection: before the first answer; answering; open, but nothing came for some seconds; gone (also while
 * it is tried again); refused.
 */
export type ServerConnection = 'connecting' | 'open' | 'silent' | 'gone' | 'refused';

/** An encoded picture; many are kept, for a mask may belong to any of the last. */
export interface EncodedPicture {
  readonly facts: FrameMessage;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A mask with the seq of its message. */
export interface ReceivedMask {
  readonly facts: MaskMessage;
  readonly runLengths: Uint8Array;
  readonly seq: number;
}

/** What a screen knows of one stream: its snapshot, and what it received to draw. */
export interface StreamView extends StreamSnapshot {
  readonly mask: ReceivedMask | null;
  /** Why the mask is history: it may still be shown beside the image it belongs to, never on another. */
  readonly invalid: InvalidReason | null;
  /** In the order of their capture. */
  readonly pictures: readonly EncodedPicture[];
  /** How late the last message came that was sent while this screen listened, and when it came. */
  readonly late: { readonly byMs: number; readonly at: number } | null;
  /** Messages that this screen was too slow for. */
  readonly lost: number;
}

export const emptyView: StreamView = { ...emptySnapshot, mask: null, invalid: null, pictures: [], late: null, lost: 0 };

const PICTURES_KEPT = 48;

/** When a message came and since when this screen listens, by the server's clock. What was sent before is not late. */
export interface ReceiptTimes {
  readonly at: number;
  readonly since: number;
  /** Whether the server's clock is known already. */
  readonly synced: boolean;
}

/** The view after a message of its stream. */
export function streamView(view: StreamView, message: AnyReceived, received: ReceiptTimes): StreamView {
  const late = message.at < received.since || !received.synced ? view.late : { byMs: received.at - message.at, at: received.at };
  return { ...updateView(view, message), late };
}

function updateView(view: StreamView, message: AnyReceived): StreamView {
  switch (message.type) {
    case 'stream':
    case 'run':
    case 'stability':
    case 'keyframe':
      return { ...view, ...updateSnapshot(view, message) };
    case 'snapshot': {
      const known = message.mask !== null && view.mask?.facts.capturedAt === message.mask.capturedAt;
      return { ...view, ...updateSnapshot(view, message), mask: known ? view.mask : null, invalid: null };
    }
    case 'mask': {
      const mask = { facts: message, runLengths: message.payload, seq: message.seq };
      return { ...view, ...updateSnapshot(view, message), mask, invalid: null };
    }
    case 'invalid': {
      const invalid = view.mask?.facts.run === message.run && view.mask.facts.frame === message.frame ? message.reason : view.invalid;
      return { ...view, ...updateSnapshot(view, message), invalid };
    }
    case 'frame': {
      const pictures = keepPictures([...view.pictures, { facts: message, bytes: message.payload }], view.mask);
      return { ...view, ...updateSnapshot(view, message), pictures };
    }
    case 'loss':
      return { ...view, lost: view.lost + message.count };
    case 'hello':
    case 'streams':
    case 'error':
      return view;
  }
}

/** The view without a picture that proved unreadable, so that nothing takes it for the newest. */
export function withoutPicture(view: StreamView, bad: EncodedPicture): StreamView {
  return { ...view, pictures: view.pictures.filter((picture) => picture !== bad) };
}

/** The newest picture. */
export function livePicture({ pictures }: StreamView): EncodedPicture | null {
  return pictures.at(-1) ?? null;
}

/** The picture the mask belongs to, or, without a mask, that of the key frame. */
export function keyPicture({ pictures, mask, keyframes }: StreamView): EncodedPicture | null {
  const of = mask?.facts ?? keyframes.at(-1);
  return pictures.find(({ facts }) => of !== undefined && facts.capturedAt === of.capturedAt && facts.run === of.run) ?? null;
}

/** Whether the mask tells of the past: the server said so, or does not answer any more. */
export function isHistory({ mask, invalid }: StreamView, link: ServerConnection): boolean {
  return mask !== null && (invalid !== null || link !== 'open');
}

function keepPictures(pictures: readonly EncodedPicture[], mask: ReceivedMask | null): readonly EncodedPicture[] {
  const inOrder = inOrderOfCapture(pictures);
  const old = inOrder.slice(0, -PICTURES_KEPT).filter(({ facts }) => facts.capturedAt === mask?.facts.capturedAt);
  return [...old, ...inOrder.slice(-PICTURES_KEPT)];
}

/** Each picture once; of two with the same capture the later one. */
export function inOrderOfCapture(pictures: readonly EncodedPicture[]): readonly EncodedPicture[] {
  const inOrder = [...pictures].sort((a, b) => a.facts.capturedAt - b.facts.capturedAt);
  return inOrder.filter(({ facts }, at) => facts.capturedAt !== inOrder[at + 1]?.facts.capturedAt);
}
