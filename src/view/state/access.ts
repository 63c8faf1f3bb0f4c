/** desk: one stream with everything. kiosk: one stream, no controls. wall: every stream, no controls. */
export type Mode = 'desk' | 'kiosk' | 'wall';

/** What the address of the page asks for: `?wall`, `?stream=ID`, `?stream=ID&kiosk`, `?token=TOKEN`. */
export interface Address {
  readonly mode: Mode;
  /** Empty: the first there is. */
  readonly stream: string;
  readonly token: string | undefined;
}

export function fromQuery(query: { has(name: string): boolean; get(name: string): string | null }): Address {
  const mode = query.has('wall') ? 'wall' : query.has('kiosk') ? 'kiosk' : 'desk';
  return { mode, stream: query.get('stream') ?? '', token: query.get('token') ?? undefined };
}

/** Where a stream of a wall stands alone; `token`: the one that the wall has in its own address, if any. */
export const streamAddress = (stream: string, token: string | null): string =>
  `?stream=${encodeURIComponent(stream)}${token === null ? '' : `&token=${encodeURIComponent(token)}`}`;

/** What a page that is not let in says: why, and who can do what about it. `code`: as the server says it. */
export interface RefusalWords {
  readonly why: string;
  readonly remedy: string;
}

/** `origin`: of this page, as `https://host`. `given`: whether it showed a token. */
export function refusalWords(
  code: string,
  message: string,
  { origin, given }: { readonly origin: string; readonly given: boolean },
): RefusalWords {
  switch (code) {
    case 'unauthorised':
      return {
        why: given ? 'The server does not accept this token.' : 'The server asks for a token.',
        remedy: 'Whoever runs the server knows it. It stays in this tab until that is closed.',
      };
    case 'unknown-origin':
      return {
        why: `The server lets no page from ${origin} in.`,
        remedy: `Whoever runs the server can add ${origin} to allowedOrigins (angiocast.yaml). Behind a proxy: hand the Host header on, also for /ws.`,
      };
    case 'unknown-host':
      return {
        why: 'The server is called by a name that it does not know.',
        remedy: `Whoever runs it can add ${origin} to allowedOrigins (angiocast.yaml), or set a token. Behind a proxy: hand the Host header on, also for /ws.`,
      };
    default:
      return { why: `The server lets this screen not in: ${message}.`, remedy: 'This page tries again by itself.' };
  }
}

/** Of such letters alone a token can be shown to a server. */
export const isToken = (text: string): boolean => /^[\w!#$%&'*+.^`|~-]+$/.test(text);
