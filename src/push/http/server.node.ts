import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { CertificateInUse } from '../access/certificate.node';
import { IDLE_REQUEST_MS, MAX_HEADER_BYTES, MAX_HEADERS, ROOM_FOR_REQUESTS, ROOM_PER_ADDRESS, type Limits } from '../access/limits';

/** How often to look for slow requests. */
const CHECK_EVERY_MS = 500;

export interface HttpServerParts {
  /** For TLS; without one, plain HTTP. */
  readonly certificate: CertificateInUse | undefined;
  readonly answer: RequestListener;
  readonly limits: Limits;
  /** Under which key connections of a peer are limited; null: not at all. */
  readonly clientAddress: (address: string | undefined) => string | null;
}

/** A server, not listening yet, that limits connections, headers and slow or idle requests. */
export function httpServer({ certificate, answer, limits, clientAddress }: HttpServerParts): Server {
  const timeoutMs = limits.handshakeSeconds * 1000;
  const options = {
    ...{ maxHeaderSize: MAX_HEADER_BYTES, connectionsCheckingInterval: Math.min(CHECK_EVERY_MS, timeoutMs / 2) },
    ...{ headersTimeout: timeoutMs, requestTimeout: timeoutMs },
  };
  const server = certificate ? tlsServer(certificate, timeoutMs, options, answer) : createServer(options, answer);
  server.maxHeadersCount = MAX_HEADERS;
  server.maxConnections = limits.clients + ROOM_FOR_REQUESTS;
  server.timeout = IDLE_REQUEST_MS;
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = clientAddress(socket.remoteAddress);
    if (address === null) return;
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
    if (count > limits.clientsPerAddress + ROOM_PER_ADDRESS) socket.destroy();
  });
  return server;
}

/** A renewed certificate applies to new connections. */
function tlsServer(certificate: CertificateInUse, handshakeTimeout: number, options: ServerOptions, answer: RequestListener): Server {
  const server = createTlsServer({ ...options, ...certificate.current, handshakeTimeout }, answer);
  const renewals = certificate.changes.subscribe((pair) => server.setSecureContext(pair));
  server.on('close', () => renewals.unsubscribe());
  return server;
}

/** Resolves within half a second, whatever the clients do. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 400).unref();
  });
}
