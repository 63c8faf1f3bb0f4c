import type { Platform } from './platform';

/** What to do about a server that says nothing, by how long it has been silent. */
export interface SilenceSteps {
  /** After a second: a server that says `alive` was heard by then, an older one answers. */
  readonly ask: () => unknown;
  /** After two and a half, so that a screen shows it within three: what it said before may be old. */
  readonly gone: () => unknown;
  /** After fifteen: the connection is dead, whatever the socket says. */
  readonly dead: () => unknown;
}

const steps: readonly (readonly [step: keyof SilenceSteps, afterMs: number])[] = [
  ['ask', 1000],
  ['gone', 2500],
  ['dead', 15_000],
];
/** A timer that comes so late tells of this machine, not of the server: it slept, and hears next what came meanwhile. */
const SLEPT_MS = 1000;

/** The silence of a server, from now on until it is broken, over and over, until `end`. */
export class Silence {
  private since: number;
  private callOff: () => void = () => undefined;
  private ended = false;

  constructor(
    private readonly platform: Pick<Platform, 'now' | 'later'>,
    private readonly on: SilenceSteps,
  ) {
    this.since = platform.now();
    this.wait();
  }

  /** Something was heard. */
  broken(): void {
    this.since = this.platform.now();
    this.callOff();
    this.wait();
  }

  end(): void {
    this.ended = true;
    this.callOff();
  }

  private wait(): void {
    const now = this.platform.now();
    const next = steps.find(([, afterMs]) => this.since + afterMs > now);
    if (!next || this.ended) return;
    const [step, afterMs] = next;
    const due = this.since + afterMs;
    this.callOff = this.platform.later(due - now, () => {
      const late = this.platform.now() - due;
      if (late > SLEPT_MS) this.since = this.platform.now();
      else if (late >= 0) this.on[step]();
      this.wait();
    });
  }
}
