import { ServerResponse, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Whether it is a WebSocket that the client wants; others offer HTTP/2 (`Upgrade: h2c`), as Java's HttpClient does with each request. */
export const offersWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.trim().toLowerCase() === 'websocket';

/** Answers a request as if it had offered no other protocol, which a server may (RFC 9110, section 7.8), and closes its connection. */
export function ignoreUpgrade(server: Server, request: IncomingMessage, socket: Duplex): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Socket);
  response.once('finish', () => socket.end(() => socket.destroy()));
  server.emit('request', request, response);
}
