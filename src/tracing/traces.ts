import type { FrameEvent, KeyFrameEvent, MaskEvent } from '../event';
import type { Frame } from '../frame';
import { historyLimits } from '../measure/run-history';
import {
  type Interval,
  type KeyFrameTrace,
  keyFrameTrace,
  type Published,
  withDelivery,
  withEncoding,
  withPainting,
} from './key-frame-trace';

/** A run has one mask or a few. */
const MAX_TRACES = 3 * historyLimits.runs;

export interface TracesPorts {
  /** A new trace id: 32 random hex digits. */
  readonly newId: () => string;
  /** Called when a mask is published; `latest` returns the state of its trace at the time of the call. */
  readonly onPublished: (trace: KeyFrameTrace, latest: () => KeyFrameTrace) => void;
}

/** The traces of the latest masks of all streams. They grow as screens report delivery and painting. */
export class Traces {
  /** By stream and number, oldest first. */
  private readonly kept = new Map<string, KeyFrameTrace>();

  constructor(private readonly ports: TracesPorts) {}

  newId(): string {
    return this.ports.newId();
  }

  published(trace: KeyFrameTrace): void {
    const key = keyOf(trace.stream, trace.seq);
    this.kept.set(key, trace);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= MAX_TRACES) break;
      this.kept.delete(oldest);
    }
    this.ports.onPublished(trace, () => this.kept.get(key) ?? trace);
  }

  /** Changes the trace of the mask with this `seq`, if it is still kept. */
  change(stream: string, seq: number, change: (trace: KeyFrameTrace) => KeyFrameTrace): void {
    const key = keyOf(stream, seq);
    const trace = this.kept.get(key);
    if (trace) this.kept.set(key, change(trace));
  }

  /** The traces of a run, in the order of their masks. */
  of(run: string): readonly KeyFrameTrace[] {
    return [...this.kept.values()].filter((trace) => trace.run === run);
  }
}

const keyOf = (stream: string, seq: number): string => `${stream} ${seq}`;

/** Builds the traces of one stream's masks. */
export class StreamTraces {
  private decided: { readonly capturedAt: number; readonly acquiredAt: number } | null = null;
  /** Pictures are encoded before their frame becomes a key frame, or after its mask. */
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

  /** A key frame was declared; the `latest` acquisition decided it, unless the end of the run did. */
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
