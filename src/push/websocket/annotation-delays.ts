import type { MaskEvent } from '../../event';
import { maskLatency } from '../../measure/latency';
import type { Sample } from '../../measure/metrics';
import type { Published } from '../../tracing/key-frame-trace';
import type { StreamTraces } from '../../tracing/traces';
import type { Outgoing } from './replay';

/** Masks that screens may still report as painted. */
const MASKS_REMEMBERED = 64;
/** Reports of a screen whose clock is further off are ignored. */
const CLOCK_ERROR_MS = 1000;

export interface DelayPorts {
  readonly now: () => number;
  readonly record: (sample: Sample) => void;
  readonly traces: StreamTraces;
}

/** Measures the annotation delays of one stream: from the deciding frame's capture to published, delivered, painted. */
export class AnnotationDelays {
  private readonly masks = new Map<number, { readonly decidedAt: number; readonly publishedAt: number }>();

  constructor(
    private readonly stream: string,
    private readonly ports: DelayPorts,
  ) {}

  published(event: MaskEvent, published: Pick<Published, 'seq' | 'traceId' | 'publishedAt'>): void {
    const { seq, publishedAt } = published;
    this.masks.set(seq, { decidedAt: event.timing.capturedAt, publishedAt });
    for (const oldest of this.masks.keys()) {
      if (this.masks.size <= MASKS_REMEMBERED) break;
      this.masks.delete(oldest);
    }
    this.observe('published', maskLatency(event.timing, publishedAt).total);
    this.ports.traces.published(event, published);
  }

  /** A message was handed to one screen's socket. */
  delivered({ type, seq, publishedAt }: Outgoing, client: string): void {
    const { now, record, traces } = this.ports;
    const at = now();
    record({ metric: 'stage_duration_seconds', labels: { stream: this.stream, stage: 'push' }, value: (at - publishedAt) / 1000 });
    if (type !== 'mask') return;
    const mask = this.masks.get(seq);
    if (mask) this.observe('delivered', at - mask.decidedAt);
    traces.delivered(seq, client, at);
  }

  /** A screen reports when it painted the mask of message `seq`; clipped to between publication and now. */
  painted(seq: number, paintedAt: number, client: string): void {
    const now = this.ports.now();
    const mask = this.masks.get(seq);
    if (!mask || paintedAt < mask.publishedAt - CLOCK_ERROR_MS || paintedAt > now + CLOCK_ERROR_MS) return;
    const at = Math.min(now, Math.max(mask.publishedAt, paintedAt));
    this.observe('painted', at - mask.decidedAt);
    this.ports.traces.painted(seq, client, at);
  }

  private observe(until: 'published' | 'delivered' | 'painted', milliseconds: number): void {
    this.ports.record({ metric: 'annotation_delay_seconds', labels: { stream: this.stream, until }, value: milliseconds / 1000 });
  }
}
