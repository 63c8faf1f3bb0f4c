/** What a request says about its sender. */
export interface AccessRequest {
  readonly authorization: string | undefined;
  /** The query parameter `token`. */
  readonly queryToken: string | null;
  /** Subprotocols offered for a WebSocket: browsers cannot set headers on it, and URLs end up in logs. */
  readonly protocols: readonly string[];
  readonly origin: string | undefined;
  readonly host: string | undefined;
  /** Whether TLS ends at this server. */
  readonly secure: boolean;
}

/** Prefix of the subprotocol that carries a token. */
export const TOKEN_PROTOCOL = 'angiocast.token.';

/** Tokens checked per request; a client has one. */
const MAX_TOKENS = 4;

/** The tokens a request carries: `Authorization: Bearer TOKEN`, subprotocol `angiocast.token.TOKEN`, `?token=TOKEN`. */
export function tokensOf({ authorization, queryToken, protocols }: AccessRequest): readonly string[] {
  const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  const offered = protocols.flatMap((name) => (name.startsWith(TOKEN_PROTOCOL) ? [name.slice(TOKEN_PROTOCOL.length)] : []));
  return [bearer, queryToken, ...offered].filter((given) => typeof given === 'string').slice(0, MAX_TOKENS);
}

/**
 * Whether a page may open a socket: one we served, one of `allowed`, or no page at all (programs send no Origin). If
 * TLS ends here, a page loaded without it is not ours; if not, a proxy may terminate it.
 */
export function isAllowedOrigin({ origin, host, secure }: AccessRequest, allowed: readonly string[]): boolean {
  if (origin === undefined || allowed.includes('*') || allowed.includes(origin)) return true;
  const [, scheme = '', place] = /^(https?):\/\/(.*)$/i.exec(origin) ?? [];
  return host !== undefined && place?.toLowerCase() === host.toLowerCase() && (!secure || scheme.toLowerCase() === 'https');
}

/**
 * Whether the Host header is an IP address, `localhost` or a host of `allowed`. Under DNS rebinding, an attacker's page
 * looks like ours to the browser, and only the host name gives it away.
 */
export function isKnownHost({ host = '' }: AccessRequest, allowed: readonly string[]): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  if (/^(\d+\.\d+\.\d+\.\d+|\[[\da-f:.]+\]|localhost)$/.test(name)) return true;
  return allowed.some((origin) => origin === '*' || origin.toLowerCase().replace(/^https?:\/\//, '') === host.toLowerCase());
}

const loopback = /^(127\.\d+\.\d+\.\d+|::1)$/;

/** A peer's address without the prefix of IPv4-mapped IPv6 and without a zone id. */
const bareAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');

/** Whether a peer's address is a loopback address. */
export const isLoopback = (address: string | undefined): boolean => loopback.test(bareAddress(address ?? ''));

/**
 * The key under which connections of a peer are limited: its address, or its /64 for IPv6, which one machine may own
 * wholly. Null: this machine, where a proxy may act for many.
 */
export function clientAddress(address: string | undefined): string | null {
  if (isLoopback(address)) return null;
  const plain = bareAddress(address ?? '').toLowerCase();
  if (!plain.includes(':')) return plain;
  const [head = [], tail = []] = plain.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = plain.includes('::') ? Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0') : [];
  return [...head, ...zeros, ...tail]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
