import { seldom } from '../../measure/failure-log';
import type { Series } from '../../measure/series';
import type { Answers } from '../http/answers';

/** Why a screen is not let in. */
export type Refusal = 'senseless' | 'address' | 'host' | 'token' | 'origin' | 'full' | 'full-for-address' | 'closing';

/** The HTTP status it gets instead of the upgrade. */
export const statusOf: Readonly<Record<Refusal, number>> = {
  ...{ senseless: 400, address: 404, host: 421, token: 401, origin: 403 },
  ...{ full: 503, 'full-for-address': 429, closing: 503 },
};

/** What it is told, as whoever asks over HTTP, and what may be done about it. */
const complaints: Readonly<Record<Refusal, Answers['problem']['error']>> = {
  senseless: { code: 'senseless', message: 'Expected an address, got another text' },
  address: { code: 'unknown-address', message: 'Expected /ws' },
  host: { code: 'unknown-host', message: 'Expected an address, localhost or a host of allowedOrigins as Host, or a token set' },
  token: { code: 'unauthorised', message: 'Expected a token' },
  origin: { code: 'unknown-origin', message: 'Expected a page of this server, or its origin in allowedOrigins' },
  full: { code: 'full', message: 'Too many screens at once (limits.clients)' },
  'full-for-address': { code: 'full-for-address', message: 'Too many screens of one address (limits.clientsPerAddress)' },
  closing: { code: 'closing', message: 'The server is closing' },
};

/** The words by which programs know why they are refused. */
export const refusalCodes: ReadonlySet<string> = new Set(Object.values(complaints).map(({ code }) => code));

export const problemOf = (refusal: Refusal): Answers['problem'] => ({ error: complaints[refusal] });

/** Nothing that is set here would let these in. */
const beyondHelp: ReadonlySet<Refusal> = new Set(['senseless', 'address', 'closing']);

/** So often at most is it said that screens are refused for the same reason: who is refused tries again at once. */
const SAME_REFUSAL_MS = 60_000;

/** Refusals that somebody can do something about, in words, each once in a while with how many were not told since. */
export function refusalLog(warn: (line: string) => void, now: () => number): (refusal: Refusal) => void {
  const toTell = seldom<Refusal>(SAME_REFUSAL_MS);
  return (refusal) => {
    if (beyondHelp.has(refusal)) return;
    const unsaid = toTell(refusal, now());
    if (unsaid === null) return;
    const more = unsaid > 0 ? ` (and ${unsaid} more since the last time)` : '';
    warn(`A screen was refused with ${statusOf[refusal]}${more}: ${complaints[refusal].message}`);
  };
}

/** Refusals that are counted, to be shown at zero from the start. */
export const initialRefusals: readonly Series[] = Object.keys(statusOf).map((reason) => ({
  metric: 'clients_refused_total',
  labels: { reason },
}));
