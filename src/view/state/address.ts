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
