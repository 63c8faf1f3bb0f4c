import type { Series } from '../measure/beginnings';

/** Why a screen is not let in. */
export type Refusal = 'senseless' | 'address' | 'host' | 'token' | 'origin' | 'full' | 'full-for-address' | 'closing';

/** The HTTP status it gets instead of the upgrade. */
export const statusOf: Readonly<Record<Refusal, number>> = {
  ...{ senseless: 400, address: 404, host: 421, token: 401, origin: 403 },
  ...{ full: 503, 'full-for-address': 429, closing: 503 },
};

/** Refusals that are counted, to be shown at zero from the start. */
export const refusalBeginnings: readonly Series[] = Object.keys(statusOf).map((reason) => ({
  metric: 'clients_refused_total',
  labels: { reason },
}));
