import * as z from 'zod/mini';
import { refusalCodes } from '../push/access/refusal';
import { shorten } from './decode';
import type { Platform } from './platform';

const FIRST_MS = 250;
const LONGEST_MS = 5000;

/**
 * The pause before an attempt (counted from 0) to reconnect: doubling up to 5 s, give or take a fifth,
 * so that a hundred screens do not come back at the same instant. `random`: 0 to 1.
 */
export function backoffMs(attempt: number, random: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10)) * (0.8 + 0.4 * random);
}

/** Why a server does not let a client in. */
export interface Refusal {
  /** As the server answers; `no-websocket`: the server would, but a proxy lets no WebSocket through. */
  readonly code: string;
  readonly message: string;
}

/** These last until somebody changes the token or the server's configuration. */
const lastingCodes: ReadonlySet<string> = new Set(['unauthorised', 'unknown-origin', 'unknown-host', 'unknown-address']);
const LASTING_PAUSE_MS = 30_000;

/** The pause before the next attempt after a refusal. */
export const retryPauseMs = ({ code }: Refusal, usualMs: number): number => (lastingCodes.has(code) ? LASTING_PAUSE_MS : usualMs);

const answer = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** Asks over HTTP why a socket was refused. Null: no answer, or none of angiocast. */
export async function fetchRefusal({ ask }: Platform, socketAddress: string, token: string | undefined): Promise<Refusal | null> {
  const parsed = answer.safeParse(await ask?.(socketAddress.replace(/^ws/, 'http'), token).catch(() => null));
  if (!parsed.success) return null;
  const { code, message } = parsed.data.error;
  if (code === 'upgrade-required')
    return {
      code: 'no-websocket',
      message: 'the server answers, but no WebSocket comes through: a proxy in between must forward the Upgrade header',
    };
  return refusalCodes.has(code) ? { code, message: shorten(message) } : null;
}

/** What to do about a silent server, by how long it has been silent. */
export interface SilenceActions {
  /** After a second, by when a server that sends `alive` was heard; an older one answers. */
  readonly ask: () => unknown;
  /** After 2.5 s, so that screens show within three that their data may be old. */
  readonly silent: () => unknown;
  /** After 15 s: the connection is dead, whatever the socket says. */
  readonly dead: () => unknown;
}

const steps: readonly (readonly [step: keyof SilenceActions, afterMs: number])[] = [
  ['ask', 1000],
  ['silent', 2500],
  ['dead', 15_000],
];
/** A timer this late means that this machine slept: what came meanwhile is still to be read. */
const SLEPT_MS = 1000;

/** Times the silence of a server since the last `reset`, until `stop`. */
export class SilenceWatch {
  private since: number;
  private cancel: () => void = () => undefined;
  private stopped = false;

  constructor(
    private readonly platform: Pick<Platform, 'now' | 'later'>,
    private readonly actions: SilenceActions,
  ) {
    this.since = platform.now();
    this.wait();
  }

  /** To be called for whatever the server sends. */
  reset(): void {
    this.since = this.platform.now();
    this.cancel();
    this.wait();
  }

  stop(): void {
    this.stopped = true;
    this.cancel();
  }

  private wait(): void {
    const now = this.platform.now();
    const next = steps.find(([, afterMs]) => this.since + afterMs > now);
    if (!next || this.stopped) return;
    const [step, afterMs] = next;
    const due = this.since + afterMs;
    this.cancel = this.platform.later(due - now, () => {
      const late = this.platform.now() - due;
      if (late > SLEPT_MS) this.since = this.platform.now();
      else if (late >= 0) this.actions[step]();
      this.wait();
    });
  }
}
