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
