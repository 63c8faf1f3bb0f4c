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
