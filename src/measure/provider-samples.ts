import { PROVIDERS, type Provider, type Refusal } from '../infer/providers/provider';
import type { Sample } from './metrics';

/** Which provider was asked for and which one computes. */
export const providerAsked = (asked: Provider | 'auto', provider: string): Sample => ({
  ...{ metric: 'provider_info', labels: { asked, provider }, value: 1 },
});

/**
 * Whether each provider is installed and was passed over all the same: for one that was installed on purpose that is a fault, while one that is
 * not there is none.
 */
export const providersUnfit = (refusals: readonly Refusal[]): readonly Sample[] =>
  PROVIDERS.map((provider) => ({
    metric: 'provider_unfit',
    labels: { provider },
    value: refusals.some((refusal) => refusal.provider === provider && refusal.installed) ? 1 : 0,
  }));
