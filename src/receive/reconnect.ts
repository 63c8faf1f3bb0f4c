import * as z from 'zod/mini';
import { refusalCodes } from '../push/access/refusal';
import { short } from './decode';
import type { Platform } from './platform';

const FIRST_MS = 250;
const LONGEST_MS = 5000;

/** How long to wait before the `attempt`-th try (from 0) of a connection in a row: doubling up to 5 s, a fifth more or less, so that a hundred
 * screens do not come back at the same instant. `random`: 0 to 1. */
export function backOff(attempt: number, random: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10)) * (0.8 + 0.4 * random);
}

/** Why a server does not let a client in. */
export interface Refused {
  /** As in the answer of the server; `no-websocket`: it would, but something on the way lets no WebSocket through. */
  readonly code: string;
  readonly message: string;
}

/** These last until somebody changes something: the token, or the configuration of the server. */
const lasting: ReadonlySet<string> = new Set(['unauthorised', 'unknown-origin', 'unknown-host', 'unknown-address']);
const ASK_AGAIN_MS = 30_000;

/** How long to wait before the next try. */
export const pauseAfter = ({ code }: Refused, usualMs: number): number => (lasting.has(code) ? ASK_AGAIN_MS : usualMs);

const answer = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** Asks over HTTP why a socket was refused, which itself does not tell. Null: nobody answers, or not as this server does. */
export async function whyRefused({ ask }: Platform, socketAddress: string, token: string | undefined): Promise<Refused | null> {
  const said = answer.safeParse(await ask?.(socketAddress.replace(/^ws/, 'http'), token).catch(() => null));
  if (!said.success) return null;
  const { code, message } = said.data.error;
  if (code === 'upgrade-required')
    return {
      code: 'no-websocket',
      message: 'the server answers, but no WebSocket comes through: what stands in between must pass Upgrade on',
    };
  return refusalCodes.has(code) ? { code, message: short(message) } : null;
}

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
