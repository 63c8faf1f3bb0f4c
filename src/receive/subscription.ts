import { PROTOCOL, type Topic } from '../protocol/messages';
import { MIN_PICTURE_WIDTH, MAX_PICTURE_WIDTH } from '../protocol/picture-widths';
import { TOKEN_PROTOCOL } from '../push/access/access-request';
import { type Position, resumeParameters } from './position';

export interface ClientOptions {
  /** `http(s)://HOST:PORT/`, as for the page, or `ws(s)://HOST:PORT/ws`. */
  readonly url: string;
  /** None or empty: all. */
  readonly streams?: readonly string[] | undefined;
  /** None or empty: all but `frame`, the pictures. */
  readonly topics?: readonly Topic[] | undefined;
  /** The largest width of pictures, 64 to 8192 pixels. None or null: as captured. */
  readonly maxWidth?: number | null | undefined;
  /** Sent as a subprotocol: letters, digits and !#$%&'*+-.^_`|~ only, else it throws. */
  readonly token?: string | undefined;
}

/** What a client receives. Empty lists: all streams, all topics but `frame`; `maxWidth` null: pictures as captured. */
export interface Subscription {
  readonly streams: readonly string[];
  readonly topics: readonly Topic[];
  readonly maxWidth: number | null;
}

/** Throws where `maxWidth` is out of range. */
export function toSubscription({ streams = [], topics = [], maxWidth = null }: Omit<ClientOptions, 'url' | 'token'>): Subscription {
  if (maxWidth !== null && (!Number.isInteger(maxWidth) || maxWidth < MIN_PICTURE_WIDTH || maxWidth > MAX_PICTURE_WIDTH))
    throw new Error(`Expected a maxWidth of a whole number from ${MIN_PICTURE_WIDTH} to ${MAX_PICTURE_WIDTH}, got ${maxWidth}`);
  return { streams, topics, maxWidth };
}

/** The address of the WebSocket, without its query. Throws where `url` is no address of a server. */
export function socketAddress(url: string): string {
  const [, secure, rest = ''] = /^(?:http|ws)(s?):\/\/([^?#]+)/.exec(url) ?? [];
  if (rest === '') throw new Error(`Expected an address like http://HOST:PORT/, got ${url}`);
  const path = rest.endsWith('/ws') ? rest : `${rest.replace(/\/+$/, '')}/ws`;
  return `ws${secure}://${path}`;
}

/** The query of a connection: the subscription, and where to resume. */
export function connectionQuery({ streams, topics, maxWidth }: Subscription, position: Position): string {
  const parameters = [
    ...streams.map((id) => ['stream', id] as const),
    ...(topics.length > 0 ? [['topics', topics.join(',')] as const] : []),
    ...(maxWidth === null ? [] : [['maxWidth', String(maxWidth)] as const]),
    ...resumeParameters(position),
  ];
  return parameters.map(([name, value], at) => `${at === 0 ? '?' : '&'}${name}=${encodeURIComponent(wellFormed(value))}`).join('');
}

/** A lone surrogate in an id cannot stand in an address. */
const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\ufffd');

/** The subprotocols to offer. They carry the token, because addresses end up in logs. */
export function subprotocols(token: string | undefined): readonly string[] {
  if (token === undefined) return [PROTOCOL];
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(token)) throw new Error("Expected a token of letters, digits and !#$%&'*+-.^_`|~ only, got another");
  return [PROTOCOL, `${TOKEN_PROTOCOL}${token}`];
}
