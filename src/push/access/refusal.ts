import { throttle } from '../../measure/failure-log';
import type { Series } from '../../measure/series';
import type { Answers } from '../http/answers';

/** Why a screen is refused; also the `reason` label. */
export type Refusal = 'bad-request' | 'address' | 'host' | 'token' | 'origin' | 'full' | 'full-for-address' | 'closing';

/** HTTP status instead of the upgrade. */
export const statusOf: Readonly<Record<Refusal, number>> = {
  ...{ 'bad-request': 400, address: 404, host: 421, token: 401, origin: 403 },
  ...{ full: 503, 'full-for-address': 429, closing: 503 },
};

const errors: Readonly<Record<Refusal, Answers['problem']['error']>> = {
  'bad-request': { code: 'bad-request', message: 'Expected a request target that is a URL' },
  address: { code: 'unknown-address', message: 'Expected /ws' },
  host: { code: 'unknown-host', message: 'Expected an IP address, localhost or a host of allowedOrigins as Host, or a configured token' },
  token: { code: 'unauthorised', message: 'Expected a token' },
  origin: { code: 'unknown-origin', message: 'Expected a page of this server, or its origin in allowedOrigins' },
  full: { code: 'full', message: 'Too many screens (limits.clients)' },
  'full-for-address': { code: 'full-for-address', message: 'Too many screens from one address (limits.clientsPerAddress)' },
  closing: { code: 'closing', message: 'The server is closing' },
};

/** Error codes by which clients recognise a refusal. */
export const refusalCodes: ReadonlySet<string> = new Set(Object.values(errors).map(({ code }) => code));

export const problemOf = (refusal: Refusal): Answers['problem'] => ({ error: errors[refusal] });

/** No setting would let these in. */
const notConfigurable: ReadonlySet<Refusal> = new Set(['bad-request', 'address', 'closing']);

/** At most one log line per reason in this time: refused screens retry at once. */
const SAME_REFUSAL_MS = 60_000;

/** Warns of refusals that a setting could avoid, at limited rate, with how many were left out. */
export function refusalLog(warn: (line: string) => void, now: () => number): (refusal: Refusal) => void {
  const suppressedCount = throttle<Refusal>(SAME_REFUSAL_MS);
  return (refusal) => {
    if (notConfigurable.has(refusal)) return;
    const suppressed = suppressedCount(refusal, now());
    if (suppressed === null) return;
    const more = suppressed > 0 ? ` (and ${suppressed} more since the last time)` : '';
    warn(`Refused a screen with ${statusOf[refusal]}${more}: ${errors[refusal].message}`);
  };
}

/** Counted refusals, shown at zero from the start. */
export const initialRefusals: readonly Series[] = Object.keys(statusOf).map((reason) => ({
  metric: 'clients_refused_total',
  labels: { reason },
}));
