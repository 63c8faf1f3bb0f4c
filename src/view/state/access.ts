/** desk: one stream with everything. kiosk: one stream, no controls. wall: every stream, no controls. */
export type Mode = 'desk' | 'kiosk' | 'wall';

/** The query of the page: `?wall`, `?stream=ID`, `?stream=ID&kiosk`, `?token=TOKEN`. */
export interface Address {
  readonly mode: Mode;
  /** Empty: the first. */
  readonly stream: string;
  readonly token: string | undefined;
}

export function fromQuery(query: { has(name: string): boolean; get(name: string): string | null }): Address {
  const mode = query.has('wall') ? 'wall' : query.has('kiosk') ? 'kiosk' : 'desk';
  return { mode, stream: query.get('stream') ?? '', token: query.get('token') ?? undefined };
}

/** The address of a tile's stream; `token`: the one in the address of the wall, if any. */
export const streamAddress = (stream: string, token: string | null): string =>
  `?stream=${encodeURIComponent(stream)}${token === null ? '' : `&token=${encodeURIComponent(token)}`}`;

/** Why the server refuses this page, and who can do what about it. */
export interface RefusalText {
  readonly why: string;
  readonly remedy: string;
}

/** `code`: as the server sends it. `origin`: of this page, as `https://host`. `given`: whether it sent a token. */
export function refusalText(
  code: string,
  message: string,
  { origin, given }: { readonly origin: string; readonly given: boolean },
): RefusalText {
  switch (code) {
    case 'unauthorised':
      return {
        why: given ? 'The server does not accept this token.' : 'The server asks for a token.',
        remedy: 'Whoever runs the server knows it. It is kept until this tab is closed.',
      };
    case 'unknown-origin':
      return {
        why: `The server accepts no page from ${origin}.`,
        remedy: `Whoever runs the server can add ${origin} to allowedOrigins (angiocast.yaml). Behind a proxy: forward the Host header, also for /ws.`,
      };
    case 'unknown-host':
      return {
        why: 'The server is called by a name that it does not know.',
        remedy: `Whoever runs it can add ${origin} to allowedOrigins (angiocast.yaml), or set a token. Behind a proxy: forward the Host header, also for /ws.`,
      };
    default:
      return { why: `The server refuses this screen: ${message}.`, remedy: 'This page tries again by itself.' };
  }
}

/** Whether a text can be sent as a token. */
export const isToken = (text: string): boolean => /^[\w!#$%&'*+.^`|~-]+$/.test(text);
