/** What clients are kept to, so that one that runs wild, or means harm, takes nothing from the others. */
export interface Limits {
  /** Screens at once. */
  readonly clients: number;
  /** Those of one address that is not this machine (`clientAddress`). */
  readonly clientsPerAddress: number;
  /** By then a request must have come whole, the TLS handshake included. */
  readonly handshakeSeconds: number;
  /** Messages of a screen within a second. */
  readonly messagesPerSecond: number;
  /** Those of them that ask to hear something else: each is answered with snapshots. */
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

/** One message of a client. */
export const MAX_MESSAGE_BYTES = 64 * 1024;
/** One request's line and headers together, and how many headers. */
export const MAX_HEADER_BYTES = 16 * 1024;
export const MAX_HEADERS = 100;
/** A request's body: nothing that is asked here needs one. */
export const MAX_BODY_BYTES = 1024;
/** A client that takes nothing of an answer for so long gets no more of it. */
export const IDLE_REQUEST_MS = 60_000;
/** Connections beyond those of screens, for requests: in all, and of one address. */
export const ROOM_FOR_REQUESTS = 256;
export const ROOM_PER_ADDRESS = 32;
