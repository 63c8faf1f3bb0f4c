import type { KeyFrameStatus, PipelineEvent } from '../../src/event';
import type { ServerMessage } from '../../src/protocol/messages';
import { toMessage, toMaskMessage } from '../../src/push/websocket/to-message';
import type { AnyReceived } from '../../src/receive/client-events';
import type { EncodedPicture } from '../../src/view/state/stream-view';
import { Script } from '../push/scripted';

const script = new Script('a', () => 1000);

/** Messages as a client emits them, numbered in order. */
export class Messages {
  private seq = 0;

  constructor(readonly stream = 'a') {}

  picture(run: string | null, frame: number | null, capturedAt: number, bytes = 10, at = capturedAt): AnyReceived & { type: 'frame' } {
    const size = { width: 4, height: 3, encodedWidth: 4, encodedHeight: 3, pixelAspect: 1 } as const;
    const facts = { type: 'frame', run, frame, capturedAt, ...size, encoding: 'jpeg', repeated: false } as const;
    return { ...facts, payload: new Uint8Array(bytes), ...this.envelope(at) };
  }

  mask(run: string, frame: number, capturedAt: number, status: KeyFrameStatus = 'stabilised'): AnyReceived & { type: 'mask' } {
    const event = script.mask(run, frame, status);
    if (event.kind !== 'mask') throw new Error('Expected a mask');
    return {
      ...toMaskMessage({ ...event, capturedAt }, 1000, 'c'.repeat(32)),
      payload: event.mask.runLengths.slice(),
      ...this.envelope(),
    };
  }

  invalid(run: string, frame: number): AnyReceived {
    return { type: 'invalid', run, frame, reason: 'new-run', ...this.envelope() };
  }

  run(run: string, phase: 'started' | 'ended', acquisitions: number, startedAt = 1000): AnyReceived {
    return { type: 'run', run, phase, acquisitions, startedAt, ...this.envelope() };
  }

  stability(run: string, frame: number): AnyReceived & { type: 'stability' } {
    return this.announced(script.stability(run, frame)) as AnyReceived & { type: 'stability' };
  }

  keyFrame(run: string, frame: number, status: KeyFrameStatus, capturedAt = 1000): AnyReceived & { type: 'keyframe' } {
    const message = this.announced(script.keyFrame(run, frame, status)) as AnyReceived & { type: 'keyframe' };
    return { ...message, capturedAt };
  }

  state(state: 'live' | 'held' | 'frozen' | 'lost', reason = ''): AnyReceived {
    return { type: 'stream', state, reason, ...this.envelope() };
  }

  loss(count: number): AnyReceived {
    return { type: 'loss', topic: 'frame', from: 1, to: 9, count, reason: 'slow-client', ...this.envelope() };
  }

  private announced(event: PipelineEvent): ServerMessage & { seq: number; stream: string; at: number } {
    return { ...toMessage(event as Parameters<typeof toMessage>[0]), ...this.envelope() };
  }

  private envelope(at = 1000): { seq: number; stream: string; at: number } {
    return { seq: (this.seq += 1), stream: this.stream, at };
  }
}

/** A picture as the page keeps it. */
export function encoded(message: AnyReceived & { type: 'frame' }): EncodedPicture {
  return { facts: message, bytes: message.payload };
}
