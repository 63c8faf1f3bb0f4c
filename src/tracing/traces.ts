import { historyLimits } from '../measure/run-history';
import { type KeyFrameTrace } from './key-frame-trace';

/** A run has one mask, or a few. */
const TRACES_KEPT = 3 * historyLimits.runs;

export interface TracesPorts {
  /** A new trace id: 32 random hex digits. */
  readonly newId: () => string;
  /** Told of a trace when its mask is published; `latest` tells what has become of it by then. */
  readonly told: (trace: KeyFrameTrace, latest: () => KeyFrameTrace) => void;
}

/** The traces of the latest masks of all streams. They grow while screens tell what became of the mask. */
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
      if (this.kept.size <= TRACES_KEPT) break;
      this.kept.delete(oldest);
    }
    this.ports.told(trace, () => this.kept.get(key) ?? trace);
  }

  /** Changes the trace of the mask with this number, if it is still kept. */
  change(stream: string, seq: number, change: (trace: KeyFrameTrace) => KeyFrameTrace): void {
    const key = keyOf(stream, seq);
    const trace = this.kept.get(key);
    if (trace) this.kept.set(key, change(trace));
  }

  /** Those of a run, in the order of their masks. */
  of(run: string): readonly KeyFrameTrace[] {
    return [...this.kept.values()].filter((trace) => trace.run === run);
  }
}

const keyOf = (stream: string, seq: number): string => `${stream} ${seq}`;
