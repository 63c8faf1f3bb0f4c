import type { MaskTiming } from '../../event';
import { maskLatency } from '../../measure/latency';
import type { Sample } from '../../measure/metrics';

/** How many masks a screen may still report as delivered or painted. */
const MASKS_REMEMBERED = 64;
/** How far the clock of a screen may be off before what it says is not believed. */
const CLOCK_ERROR_MS = 1000;

/** Annotation delays of one stream: from the capture of the deciding frame until the mask was published, delivered, painted. */
export class AnnotationDelays {
  private readonly masks = new Map<number, { readonly decidedAt: number; readonly publishedAt: number }>();

  constructor(
    private readonly stream: string,
    private readonly record: (sample: Sample) => void,
  ) {}

  published(seq: number, timing: MaskTiming, publishedAt: number): void {
    this.masks.set(seq, { decidedAt: timing.capturedAt, publishedAt });
    for (const oldest of this.masks.keys()) {
      if (this.masks.size <= MASKS_REMEMBERED) break;
      this.masks.delete(oldest);
    }
    this.observe('published', maskLatency(timing, publishedAt).total);
  }

  /** The mask of message `seq` left for one screen. Other messages are none of our business. */
  delivered(seq: number, now: number): void {
    const mask = this.masks.get(seq);
    if (mask) this.observe('delivered', now - mask.decidedAt);
  }

  /**
   * A screen says when it painted the mask of message `seq`: never before it was published, never in the future. Returns what is believed of it; null:
   * nothing.
   */
  painted(seq: number, paintedAt: number, now: number): number | null {
    const mask = this.masks.get(seq);
    if (!mask || paintedAt < mask.publishedAt - CLOCK_ERROR_MS || paintedAt > now + CLOCK_ERROR_MS) return null;
    const at = Math.min(now, Math.max(mask.publishedAt, paintedAt));
    this.observe('painted', at - mask.decidedAt);
    return at;
  }

  private observe(until: 'published' | 'delivered' | 'painted', milliseconds: number): void {
    this.record({ metric: 'annotation_delay_seconds', labels: { stream: this.stream, until }, value: milliseconds / 1000 });
  }
}
