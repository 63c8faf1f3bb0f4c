/** Who asks. Plain data, as a request carries it. */
export interface AccessRequest {
  readonly authorization: string | undefined;
  /** `token` of the query. */
  readonly queryToken: string | null;
  /** Subprotocols a WebSocket offers: browsers cannot give it a header, and an address ends up in logs. */
  readonly protocols: readonly string[];
  readonly origin: string | undefined;
  readonly host: string | undefined;
  /** Whether it came over TLS that ends here. */
  readonly secure: boolean;
}

/** Offered beside the protocol proper by clients that have a token. */
export const TOKEN_PROTOCOL = 'angiocast.token.';

/** Tokens looked at; a client has one. */
const MOST_TOKENS = 4;

/** The tokens a request carries: `Authorization: Bearer TOKEN`, subprotocol `angiocast.token.TOKEN`, `?token=TOKEN`. */
export function tokensOf({ authorization, queryToken, protocols }: AccessRequest): readonly string[] {
  const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  const offered = protocols.flatMap((name) => (name.startsWith(TOKEN_PROTOCOL) ? [name.slice(TOKEN_PROTOCOL.length)] : []));
  return [bearer, queryToken, ...offered].filter((given) => typeof given === 'string').slice(0, MOST_TOKENS);
}

/**
 * Whether a page may open a socket here: one we served, one of `allowed`, or no page at all (programs send no Origin). Where TLS ends here, a page that came
 * without it is not ours; where it does not, a proxy before us may speak it.
 */
export function isAllowedOrigin({ origin, host, secure }: AccessRequest, allowed: readonly string[]): boolean {
  if (origin === undefined || allowed.includes('*') || allowed.includes(origin)) return true;
  const [, scheme = '', place] = /^(https?):\/\/(.*)$/i.exec(origin) ?? [];
  return host !== undefined && place?.toLowerCase() === host.toLowerCase() && (!secure || scheme.toLowerCase() === 'https');
}

/**
 * Whether a request names this server as it is called: by an address, as `localhost`, or as one of `allowed`. Who has a name of his own lead here (DNS
 * rebinding) makes his page look like ours to a browser, and only the name gives it away.
 */
export function isKnownHost({ host = '' }: AccessRequest, allowed: readonly string[]): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  if (/^(\d+\.\d+\.\d+\.\d+|\[[\da-f:.]+\]|localhost)$/.test(name)) return true;
  return allowed.some((origin) => origin === '*' || origin.toLowerCase().replace(/^https?:\/\//, '') === host.toLowerCase());
}

const loopback = /^(127\.\d+\.\d+\.\d+|::1)$/;

/** The address of a peer without what the kernel adds: an IPv4 address in IPv6's clothes, or the name of an interface. */
const bare = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');

/** Whether an address, as the kernel tells it, is of this machine. */
export const isLoopback = (address: string | undefined): boolean => loopback.test(bare(address ?? ''));

/**
 * Whom connections from an address are counted for: that address; of IPv6 its /64, all of which one machine may have. Null: this machine, where
 * a proxy may speak for many.
 */
export function clientAddress(address: string | undefined): string | null {
  if (isLoopback(address)) return null;
  const plain = bare(address ?? '').toLowerCase();
  if (!plain.includes(':')) return plain;
  const [head = [], tail = []] = plain.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = plain.includes('::') ? Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0') : [];
  return [...head, ...zeros, ...tail]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
