import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { CertificateInUse } from '../access/certificate.node';
import { IDLE_REQUEST_MS, MAX_HEADER_BYTES, MAX_HEADERS, ROOM_FOR_REQUESTS, ROOM_PER_ADDRESS, type Limits } from '../access/limits';

/** How often requests that take too long are looked for. */
const LOOK_EVERY_MS = 500;

export interface HttpServerParts {
  /** Speaks TLS with this one; without it, plainly. */
  readonly certificate: CertificateInUse | undefined;
  readonly answer: RequestListener;
  readonly limits: Limits;
  /** Whom a connection from an address is counted for; null: it is not. */
  readonly visitorOf: (address: string | undefined) => string | null;
}

/** A server that nobody keeps busy by saying nothing, little, or too much; it does not listen yet. */
export function httpServer({ certificate, answer, limits, visitorOf }: HttpServerParts): Server {
  const patience = limits.handshakeSeconds * 1000;
  const options = {
    ...{ maxHeaderSize: MAX_HEADER_BYTES, connectionsCheckingInterval: Math.min(LOOK_EVERY_MS, patience / 2) },
    ...{ headersTimeout: patience, requestTimeout: patience },
  };
  const server = certificate ? tlsServer(certificate, patience, options, answer) : createServer(options, answer);
  server.maxHeadersCount = MAX_HEADERS;
  server.maxConnections = limits.clients + ROOM_FOR_REQUESTS;
  server.timeout = IDLE_REQUEST_MS;
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const visitor = visitorOf(socket.remoteAddress);
    if (visitor === null) return;
    const count = (open.get(visitor) ?? 0) + 1;
    open.set(visitor, count);
    socket.once('close', () => {
      const left = (open.get(visitor) ?? 1) - 1;
      if (left > 0) open.set(visitor, left);
      else open.delete(visitor);
    });
    if (count > limits.clientsPerAddress + ROOM_PER_ADDRESS) socket.destroy();
  });
  return server;
}

/** Connections that stand keep the certificate they began with; new ones get the one in use. */
function tlsServer(certificate: CertificateInUse, handshakeTimeout: number, options: ServerOptions, answer: RequestListener): Server {
  const server = createTlsServer({ ...options, ...certificate.current, handshakeTimeout }, answer);
  const renewing = certificate.changes.subscribe((pair) => server.setSecureContext(pair));
  server.on('close', () => renewing.unsubscribe());
  return server;
}

/** Ends within half a second, whatever the clients do. */
export function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 400).unref();
  });
}
