import { ConfigError } from '../core/config-error';

/** Parses the value of the option `key`. Throws a `ConfigError` unless it is a whole number within the limits. */
export function wholeNumber(key: string, text: string, least: number, most = Infinity): number {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= least && value <= most) return value;
  throw new ConfigError(`${key}: expected a whole number from ${least}${most < Infinity ? ` to ${most}` : ''}, got "${text}"`);
}
