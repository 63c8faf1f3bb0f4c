/** Who may come in. Plain data, as a request carries it. */
export interface Request {
  readonly authorization: string | undefined;
  /** `token` of the query. */
  readonly queryToken: string | null;
  /** Subprotocols a WebSocket offers: browsers cannot give it a header, and an address ends up in logs. */
  readonly protocols: readonly string[];
  readonly origin: string | undefined;
  readonly host: string | undefined;
}

/** Offered beside the protocol proper by clients that have a token. */
export const TOKEN_PROTOCOL = 'angiocast.token.';

/** Whether the request carries the token, if one is required: `Authorization: Bearer TOKEN`, subprotocol `angiocast.token.TOKEN` or `?token=TOKEN`. */
export function hasToken(request: Request, required: string | undefined): boolean {
  if (required === undefined) return true;
  const bearer = /^Bearer +(\S+)$/i.exec(request.authorization ?? '')?.[1];
  const offered = request.protocols.flatMap((name) => (name.startsWith(TOKEN_PROTOCOL) ? [name.slice(TOKEN_PROTOCOL.length)] : []));
  return [bearer, request.queryToken, ...offered].some((given) => typeof given === 'string' && sameText(given, required));
}

/** Whether a page may open a socket here: one we served, one of `allowed`, or no page at all (programs send no Origin). */
export function isAllowedOrigin({ origin, host }: Request, allowed: readonly string[]): boolean {
  if (origin === undefined || allowed.includes('*') || allowed.includes(origin)) return true;
  return host !== undefined && origin.replace(/^https?:\/\//i, '').toLowerCase() === host.toLowerCase();
}

/** Compares in a time that tells nothing of where the first difference is. */
function sameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let at = 0; at < b.length; at += 1) difference |= a.charCodeAt(at % Math.max(1, a.length)) ^ b.charCodeAt(at);
  return difference === 0;
}
