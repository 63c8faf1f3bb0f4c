import type { InvalidEvent, KeyFrameEvent, MaskEvent, RunEvent, StabilityEvent, StreamEvent } from '../../event';
import type { Frame } from '../../frame';
import type {
  FrameMessage,
  InvalidMessage,
  KeyFrameMessage,
  MaskMessage,
  RunMessage,
  StabilityMessage,
  StreamMessage,
} from '../../protocol/messages';
import { encodedSize } from '../../protocol/picture-widths';
import { keyFrameFacts, stabilityFacts } from '../../protocol/run-facts';

export function toMessage(
  event: StreamEvent | RunEvent | StabilityEvent | KeyFrameEvent | InvalidEvent,
): StreamMessage | RunMessage | StabilityMessage | KeyFrameMessage | InvalidMessage {
  switch (event.kind) {
    case 'stream':
      return { type: 'stream', state: event.state, reason: event.reason, detail: event.detail, replayedRun: event.replayedRun };
    case 'run':
      return { type: 'run', run: event.run, phase: event.phase, acquisitions: event.acquisitions, startedAt: event.startedAt };
    case 'stability':
      return { type: 'stability', ...stabilityFacts(event) };
    case 'keyframe': {
      return { type: 'keyframe', ...keyFrameFacts(event) };
    }
    case 'invalid':
      return { type: 'invalid', run: event.run, frame: event.frame, reason: event.reason };
  }
}

/** The text part of a mask message; its payload is `event.mask.runLengths`. */
export function toMaskMessage(event: MaskEvent, publishedAt: number, traceId: string): MaskMessage {
  const { run, frame, status, capturedAt, mask, imageArea, pixelSpacingMm, spacingVoid, paddedFrames, model, provider, timing } = event;
  const { width, height, threshold, lesions, liver } = mask;
  return {
    type: 'mask',
    run,
    frame,
    status,
    capturedAt,
    width,
    height,
    encoding: 'rle',
    threshold,
    imageArea,
    pixelAspect: event.acquisition.frame.pixelAspect ?? 1,
    pixelSpacingMm,
    spacingVoid,
    lesions,
    liver,
    paddedFrames,
    model,
    provider,
    timing: { ...timing, publishedAt, traceId },
  };
}

/** The text part of a picture message; `wide`: width of the encoded picture. */
export function toPictureMessage(
  { capturedAt, width, height, pixelAspect = 1 }: Frame,
  place: Pick<FrameMessage, 'run' | 'frame'>,
  encoding: FrameMessage['encoding'],
  wide: number,
): FrameMessage {
  const encoded = encodedSize({ width, height }, wide);
  const sizes = { width, height, encodedWidth: encoded.width, encodedHeight: encoded.height, pixelAspect };
  return { type: 'frame', run: place.run, frame: place.frame, capturedAt, ...sizes, encoding, repeated: false };
}
