import type { InvalidReason, StreamState } from '../../event';
import type { FrameMessage, KeyFrameFacts, MaskMessage, StabilityFacts } from '../../protocol/messages';
import type { AnyReceived } from '../../receive/client-events';

/** As the page sees its connection: before the first answer, answering, open but without a word for some seconds, gone (also while it is tried again), or refused. */
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

/** What a screen knows of one stream. */
export interface StreamView {
  readonly state: StreamState;
  readonly reason: string;
  /** What happened, for people, where the reason is a word for programs. */
  readonly detail?: string | undefined;
  /** The run that the monitor shows once more. */
  readonly replayedRun?: string | undefined;
  readonly run: string | null;
  readonly phase: 'started' | 'ended' | null;
  readonly acquisitions: number;
  readonly stability: readonly StabilityFacts[];
  /** What was declared of this run, oldest first; the last is the present key frame. */
  readonly keyframes: readonly KeyFrameFacts[];
  readonly mask: ReceivedMask | null;
  /** Set from the moment the mask is history; it may still be shown beside the image it belongs to, never on another. */
  readonly invalid: InvalidReason | null;
  /** In the order of their capture. */
  readonly pictures: readonly EncodedPicture[];
  /** How late the last message came that was said while this screen listened, and when it came; null before the first. */
  readonly late: { readonly byMs: number; readonly at: number } | null;
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
  keyframes: [],
  mask: null,
  invalid: null,
  pictures: [],
  late: null,
  lost: 0,
};

const PICTURES_KEPT = 48;
const STABILITY_KEPT = 200;
const KEY_FRAMES_KEPT = 32;

/** When a message came, and since when this screen listens: what was said before is told to catch up, not late. Server's clock. */
export interface Heard {
  readonly at: number;
  readonly since: number;
  /** Whether the server's clock is known already. */
  readonly synced: boolean;
}

/** The view after a message of its stream. */
export function streamView(view: StreamView, message: AnyReceived, heard: Heard): StreamView {
  const late = message.at < heard.since || !heard.synced ? view.late : { byMs: heard.at - message.at, at: heard.at };
  return { ...told(view, message), late };
}

function told(view: StreamView, message: AnyReceived): StreamView {
  switch (message.type) {
    case 'snapshot': {
      const known = message.mask !== null && view.mask?.facts.capturedAt === message.mask.capturedAt;
      return {
        ...view,
        state: message.state,
        reason: message.reason,
        detail: message.detail,
        replayedRun: message.replayedRun,
        run: message.run,
        phase: message.phase,
        acquisitions: message.acquisitions,
        stability: message.stability,
        keyframes: message.keyframe ? withKeyFrame(view.keyframes, message.keyframe) : [],
        mask: known ? view.mask : null,
        invalid: null,
      };
    }
    case 'stream':
      return { ...view, state: message.state, reason: message.reason, detail: message.detail, replayedRun: message.replayedRun };
    case 'run': {
      const { run, phase, acquisitions } = message;
      if (run === view.run) return { ...view, phase, acquisitions };
      return { ...view, run, phase, acquisitions, keyframes: [], stability: view.stability.filter((said) => said.run === run) };
    }
    case 'stability':
      return {
        ...view,
        acquisitions: message.run === view.run ? Math.max(view.acquisitions, message.frame + 1) : view.acquisitions,
        stability: [...view.stability.filter(({ run }) => run === message.run), message].slice(-STABILITY_KEPT),
      };
    case 'keyframe':
      // One of a run before, which comes late, is none of this run.
      if (view.run !== null && message.run !== view.run) return view;
      return { ...view, keyframes: withKeyFrame(view.keyframes, message) };
    case 'mask':
      return { ...view, mask: { facts: message, runLengths: message.payload, seq: message.seq }, invalid: null };
    case 'invalid':
      return view.mask?.facts.run === message.run && view.mask.facts.frame === message.frame ? { ...view, invalid: message.reason } : view;
    case 'frame':
      return { ...view, pictures: kept([...view.pictures, { facts: message, bytes: message.payload }], view.mask) };
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

/** Declarations of one run: another run begins anew, the same said twice (by a snapshot) counts once. */
export function withKeyFrame(keyframes: readonly KeyFrameFacts[], one: KeyFrameFacts): readonly KeyFrameFacts[] {
  const same = ({ frame, status }: KeyFrameFacts): boolean => frame === one.frame && status === one.status;
  return [...keyframes.filter((said) => said.run === one.run && !same(said)), one].slice(-KEY_FRAMES_KEPT);
}

function kept(pictures: readonly EncodedPicture[], mask: ReceivedMask | null): readonly EncodedPicture[] {
  const inOrder = inOrderOfCapture(pictures);
  const old = inOrder.slice(0, -PICTURES_KEPT).filter(({ facts }) => facts.capturedAt === mask?.facts.capturedAt);
  return [...old, ...inOrder.slice(-PICTURES_KEPT)];
}

/** Each picture once; of two with the same capture the later one. */
export function inOrderOfCapture(pictures: readonly EncodedPicture[]): readonly EncodedPicture[] {
  const inOrder = [...pictures].sort((a, b) => a.facts.capturedAt - b.facts.capturedAt);
  return inOrder.filter(({ facts }, at) => facts.capturedAt !== inOrder[at + 1]?.facts.capturedAt);
}
