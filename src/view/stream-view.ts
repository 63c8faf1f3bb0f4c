import type { InvalidReason, StreamState } from '../event';
import type { FrameMessage, KeyFrameFacts, MaskMessage, ServerMessage, StabilityFacts } from '../push/protocol';

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

/** What a screen knows of one stream. */
export interface StreamView {
  readonly state: StreamState;
  readonly reason: string;
  readonly run: string | null;
  readonly phase: 'started' | 'ended' | null;
  readonly acquisitions: number;
  readonly stability: readonly StabilityFacts[];
  readonly keyframe: KeyFrameFacts | null;
  readonly mask: ReceivedMask | null;
  /** Set from the moment the mask is history; it may still be shown beside the image it belongs to, never on another. */
  readonly invalid: InvalidReason | null;
  /** In the order of their capture. */
  readonly pictures: readonly EncodedPicture[];
  /** Messages that this screen was too slow for. */
  readonly lost: number;
}

export const emptyView: StreamView = {
  state: 'connecting',
  reason: '',
  run: null,
  phase: null,
  acquisitions: 0,
  stability: [],
  keyframe: null,
  mask: null,
  invalid: null,
  pictures: [],
  lost: 0,
};

const PICTURES_KEPT = 48;
const STABILITY_KEPT = 200;

/** A message as it came: `payload` is empty for text messages. */
export interface Received {
  readonly message: ServerMessage;
  readonly seq: number;
  readonly payload: Uint8Array<ArrayBuffer>;
}

/** The view after a message of its stream. */
export function streamView(view: StreamView, { message, seq, payload }: Received): StreamView {
  switch (message.type) {
    case 'snapshot':
      return {
        ...view,
        state: message.state,
        reason: message.reason,
        run: message.run,
        phase: message.phase,
        acquisitions: message.acquisitions,
        stability: message.stability,
        keyframe: message.keyframe,
        mask: message.mask && view.mask?.facts.capturedAt === message.mask.capturedAt ? view.mask : null,
        invalid: null,
      };
    case 'stream':
      return { ...view, state: message.state, reason: message.reason };
    case 'run':
      if (message.run === view.run) return { ...view, phase: message.phase, acquisitions: message.acquisitions };
      return {
        ...view,
        run: message.run,
        phase: message.phase,
        acquisitions: message.acquisitions,
        keyframe: null,
        stability: view.stability.filter(({ run }) => run === message.run),
      };
    case 'stability':
      return {
        ...view,
        acquisitions: message.run === view.run ? Math.max(view.acquisitions, message.frame + 1) : view.acquisitions,
        stability: [...view.stability.filter(({ run }) => run === message.run), message].slice(-STABILITY_KEPT),
      };
    case 'keyframe':
      return { ...view, keyframe: message };
    case 'mask':
      return { ...view, mask: { facts: message, runLengths: payload, seq }, invalid: null };
    case 'invalid':
      return view.mask?.facts.run === message.run && view.mask.facts.frame === message.frame ? { ...view, invalid: message.reason } : view;
    case 'frame':
      return { ...view, pictures: kept([...view.pictures, { facts: message, bytes: payload }], view.mask) };
    case 'loss':
      return { ...view, lost: view.lost + message.count };
    case 'hello':
    case 'error':
    case 'clock':
      return view;
  }
}

/** The newest picture. */
export function livePicture({ pictures }: StreamView): EncodedPicture | null {
  return pictures.at(-1) ?? null;
}

/** The picture the mask belongs to, or, without a mask, that of the key frame. */
export function keyPicture({ pictures, mask, keyframe }: StreamView): EncodedPicture | null {
  const capturedAt = mask?.facts.capturedAt ?? keyframe?.capturedAt;
  return pictures.find(({ facts }) => facts.capturedAt === capturedAt) ?? null;
}

function kept(pictures: readonly EncodedPicture[], mask: ReceivedMask | null): readonly EncodedPicture[] {
  const inOrder = [...pictures].sort((a, b) => a.facts.capturedAt - b.facts.capturedAt);
  const distinct = inOrder.filter(({ facts }, at) => facts.capturedAt !== inOrder[at + 1]?.facts.capturedAt);
  const old = distinct.slice(0, -PICTURES_KEPT).filter(({ facts }) => facts.capturedAt === mask?.facts.capturedAt);
  return [...old, ...distinct.slice(-PICTURES_KEPT)];
}
