import { PROTOCOL, type Topic } from '../protocol/messages';
import { leastWidth, mostWidth } from '../protocol/picture-widths';
import { TOKEN_PROTOCOL } from '../push/access/access-request';
import { type Position, resumeParameters } from './position';

export interface ClientOptions {
  /** Where the server is: `http(s)://HOST:PORT/` as for the page, or `ws(s)://HOST:PORT/ws`. */
  readonly url: string;
  /** None: all. */
  readonly streams?: readonly string[] | undefined;
  /** None: all but `frame`, the pictures. */
  readonly topics?: readonly Topic[] | undefined;
  /** How many pixels wide pictures may be at most, 64 to 8192. None, or null: as captured. */
  readonly maxWidth?: number | null | undefined;
  /** Where the server requires one. Goes as a subprotocol, so it has letters, digits and !#$%&'*+-.^_`|~ only; others throw. */
  readonly token?: string | undefined;
}

/** What a client wants to hear; empty lists mean all streams, all topics but `frame`; `maxWidth` null: pictures as captured. */
export interface Wish {
  readonly streams: readonly string[];
  readonly topics: readonly Topic[];
  readonly maxWidth: number | null;
}

/** What a program wishes. Throws where a `maxWidth` cannot be asked for. */
export function wishOf({ streams = [], topics = [], maxWidth = null }: Omit<ClientOptions, 'url' | 'token'>): Wish {
  if (maxWidth !== null && (!Number.isInteger(maxWidth) || maxWidth < leastWidth || maxWidth > mostWidth))
    throw new Error(`Expected a maxWidth of a whole number from ${leastWidth} to ${mostWidth}, got ${maxWidth}`);
  return { streams, topics, maxWidth };
}

/** The address of the WebSocket, without what is asked for. Throws where `url` is no address of a server. */
export function socketAddress(url: string): string {
  const [, secure, rest = ''] = /^(?:http|ws)(s?):\/\/([^?#]+)/.exec(url) ?? [];
  if (rest === '') throw new Error(`Expected an address like http://HOST:PORT/, got ${url}`);
  const place = rest.endsWith('/ws') ? rest : `${rest.replace(/\/+$/, '')}/ws`;
  return `ws${secure}://${place}`;
}

/** The query of a connection: what is wished, and where to go on. */
export function connectionQuery({ streams, topics, maxWidth }: Wish, position: Position): string {
  const parameters = [
    ...streams.map((id) => ['stream', id] as const),
    ...(topics.length > 0 ? [['topics', topics.join(',')] as const] : []),
    ...(maxWidth === null ? [] : [['maxWidth', String(maxWidth)] as const]),
    ...resumeParameters(position),
  ];
  return parameters.map(([name, value], at) => `${at === 0 ? '?' : '&'}${name}=${encodeURIComponent(wellFormed(value))}`).join('');
}

/** Half a character, which a server may have put into an id, cannot stand in an address. */
const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\ufffd');

/** What a socket offers: the protocol, and with a token that too, because an address ends up in logs. Throws where the token cannot be offered. */
export function subprotocols(token: string | undefined): readonly string[] {
  if (token === undefined) return [PROTOCOL];
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(token)) throw new Error("Expected a token of letters, digits and !#$%&'*+-.^_`|~ only, got another");
  return [PROTOCOL, `${TOKEN_PROTOCOL}${token}`];
}
