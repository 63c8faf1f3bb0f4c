import type { SourceEvent } from '../../src/acquire/source';
import { frameAt } from '../support/frames';
import { exposure } from '../support/grey';

/** An event of a source and its time, which is the capture time of a frame. */
export interface Timed {
  readonly at: number;
  readonly event: SourceEvent;
}

/** Contrast agent over a run: none, wash-in, plateau. */
const RUN = [0, 0, 0, 0, 15, 30, 45, 45, 45, 45, 45, 45, 45, 45];
const BLACK = new Uint8Array(256 * 256);
/** How often the monitor shows an acquisition. */
const SHOWN = 3;

const kept = new Map<string, Uint8Array>();
function picture(seed: number, contrast: number): Uint8Array {
  const key = `${seed} ${contrast}`;
  const made = kept.get(key) ?? exposure(seed, { contrast });
  kept.set(key, made);
  return made;
}

/** A monitor feed, step by step: each step adds events of the source and lets time pass. */
export class SuiteScript {
  readonly events: Timed[] = [];
  frames = 0;
  dropped = 0;
  private now = 0;
  private shown: Uint8Array = picture(0, 0);

  constructor(
    readonly stream: string,
    /** Where this stream's own exposures begin. */
    private seed = 0,
  ) {}

  connects(): this {
    this.say({ kind: 'connecting', at: this.now, attempt: 1 });
    this.now += 20;
    return this.say({ kind: 'connected', at: this.now, width: 256, height: 256, codec: 'h264' });
  }
  /** A new exposure, shown a few times. */
  acquires(contrast = 0, everyMs = 250): this {
    this.shown = picture(this.seed++, contrast);
    for (let i = 0; i < SHOWN; i++) this.show(this.shown, everyMs / SHOWN);
    return this;
  }
  run(length = RUN.length): this {
    for (const contrast of RUN.slice(0, length)) this.acquires(contrast);
    return this;
  }
  holds(ms: number): this {
    for (const until = this.now + ms; this.now < until;) this.show(this.shown, 100);
    return this;
  }
  /** From now on the machine has too much to do, or no longer. */
  has(load: 'overloaded' | 'relieved'): this {
    return this.say({ kind: load, at: this.now });
  }
  /** A spoilt picture comes and goes. */
  glitches(): this {
    return this.show(picture(500 + this.seed, 5), 33).show(this.shown, 33);
  }
  goesBlack(): this {
    return this.show(BLACK, 100).show(BLACK, 100);
  }
  drops(count: number): this {
    this.dropped += count;
    return this.say({ kind: 'dropped', at: this.now, reason: 'backlog', count });
  }
  stalls(ms: number): this {
    this.now += ms;
    return this.say({ kind: 'stalled', at: this.now });
  }
  loses(ms = 500): this {
    this.say({ kind: 'lost', at: this.now, reason: 'stalled', message: 'no picture for a while' });
    this.now += ms;
    return this;
  }
  ends(): this {
    return this.say({ kind: 'ended', at: this.now });
  }

  private show(pixels: Uint8Array, ms: number): this {
    this.say({ kind: 'frame', frame: frameAt(this.now, { stream: this.stream, index: this.frames++, pixels }) });
    this.now += ms;
    return this;
  }
  private say(event: SourceEvent): this {
    this.events.push({ at: this.now, event });
    return this;
  }
}
