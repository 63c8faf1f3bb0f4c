/** Limits per client and in all, so that a faulty or hostile one takes nothing from the others. */
export interface Limits {
  /** Concurrent screens. */
  readonly clients: number;
  /** Concurrent screens per remote address (`clientAddress`). */
  readonly clientsPerAddress: number;
  /** For a TLS handshake, and for a request to arrive whole. */
  readonly handshakeSeconds: number;
  /** Messages from one screen. */
  readonly messagesPerSecond: number;
  /** `subscribe` messages among them: each is answered with snapshots. */
  readonly subscriptionsPerSecond: number;
}

/** Enough for every screen of a hospital. */
export const defaultLimits: Limits = {
  clients: 2000,
  clientsPerAddress: 100,
  handshakeSeconds: 10,
  messagesPerSecond: 200,
  subscriptionsPerSecond: 10,
};

export const MAX_MESSAGE_BYTES = 64 * 1024;
/** Request line and headers together. */
export const MAX_HEADER_BYTES = 16 * 1024;
export const MAX_HEADERS = 100;
/** No request needs a body. */
export const MAX_BODY_BYTES = 1024;
/** A request whose client reads nothing for this long is cut off. */
export const IDLE_REQUEST_MS = 60_000;
/** Connections for requests beyond those of screens: in all, and per address. */
export const ROOM_FOR_REQUESTS = 256;
export const ROOM_PER_ADDRESS = 32;
