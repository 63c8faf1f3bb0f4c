import type { FrameEvent, KeyFrameEvent, MaskEvent } from '../event';
import type { Frame } from '../frame';
import { type Interval, keyFrameTrace, type Published, withDelivery, withEncoding, withPainting } from './key-frame-trace';
import type { Traces } from './traces';

/** What one stream adds to the traces of its masks. */
export class StreamTraces {
  private decided: { readonly capturedAt: number; readonly acquiredAt: number } | null = null;
  /** Pictures go out before their frame is a key frame, or after its mask. */
  private readonly encodings = new WeakMap<Frame, Interval>();
  private readonly unencoded = new WeakMap<Frame, readonly number[]>();

  constructor(
    private readonly stream: string,
    private readonly traces: Traces,
    private readonly captureLatencyMs: () => number,
  ) {}

  newId(): string {
    return this.traces.newId();
  }

  /** A key frame was declared while `latest` was the latest acquisition: that decided, unless it was the end of the run. */
  declared({ decidedBy }: KeyFrameEvent, latest: FrameEvent | null): void {
    if (latest?.acquisition.frame.capturedAt !== decidedBy) return;
    this.decided = { capturedAt: decidedBy, acquiredAt: latest.acquisition.acquiredAt };
  }

  published(mask: MaskEvent, published: Omit<Published, 'acquiredAt' | 'captureLatencyMs'>): void {
    const { decided } = this;
    const acquiredAt = decided?.capturedAt === mask.timing.capturedAt ? decided.acquiredAt : null;
    const trace = keyFrameTrace(mask, { ...published, acquiredAt, captureLatencyMs: this.captureLatencyMs() });
    const { frame } = mask.acquisition;
    const encoding = this.encodings.get(frame);
    if (!encoding) this.unencoded.set(frame, [...(this.unencoded.get(frame) ?? []), published.seq]);
    this.traces.published(encoding ? withEncoding(trace, encoding) : trace);
  }

  encoded(frame: Frame, encoding: Interval): void {
    this.encodings.set(frame, encoding);
    for (const seq of this.unencoded.get(frame) ?? []) this.traces.change(this.stream, seq, (trace) => withEncoding(trace, encoding));
  }

  delivered(seq: number, client: string, at: number): void {
    this.traces.change(this.stream, seq, (trace) => withDelivery(trace, client, at));
  }

  painted(seq: number, client: string, at: number): void {
    this.traces.change(this.stream, seq, (trace) => withPainting(trace, client, at));
  }
}
