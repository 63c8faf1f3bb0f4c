import { type IncomingMessage, type Server, ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Sample } from '../../measure/metrics';
import { PROTOCOL, topics } from '../../protocol/messages';
import type { StreamStatus } from '../../protocol/stream-status';
import type { AccessRequest as Asking } from '../access/access-request';
import { type AccessOptions, checkAccess } from '../access/access.node';
import { type Limits, MAX_MESSAGE_BYTES } from '../access/limits';
import { problemOf, type Refusal, statusOf } from '../access/refusal';
import type { Channel } from './channel.node';
import { Connection } from './connection.node';
import { askedFor } from './subscription';

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

export interface WebSocketOptions extends AccessOptions {
  readonly server: Server;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly rows: () => readonly StreamStatus[];
  readonly version: string;
  readonly epoch: string;
  readonly now: () => number;
  readonly record: (sample: Sample) => void;
  /** Told of every screen that is refused. */
  readonly refused: (refusal: Refusal) => void;
  /** A client that shows no life for two of these is gone. */
  readonly heartbeatMs?: number | undefined;
  readonly limits: Limits;
  /** Whom a screen from an address is counted for; null: it is not. */
  readonly visitorOf: (address: string | undefined) => string | null;
}

const GOING_AWAY = 1001;
/** Every so often whoever heard nothing for so long is told that the server works: in all less than a second. */
const [BREATH_MS, QUIET_MS] = [200, 700];
/** A client that was told to go, and goes on sending, is cut off after a second: an option that the types of ws do not know yet. */
const patience = { closeTimeout: 1000 };
const HERE = 'http://localhost';

export interface WebSockets {
  /** Why a screen from an address that asks so would not be let in now; null: it would. */
  whyNot(asking: Asking, address: string | undefined): Refusal | null;
  /** Tells every screen which streams there are now. */
  tellStreams(): void;
  /** How many screens hear each topic. Counted when asked: a thousand that come back at once would each count all others. */
  clients(): readonly Sample[];
  /** Says goodbye and lets nobody hold it up. */
  close(): void;
}

/** Answers `/ws` on an HTTP server. */
export function webSockets(options: WebSocketOptions): WebSockets {
  const { server, channels, record, limits } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    ...patience,
    handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  });
  let welcomed = 0;
  const connections = new Map<WebSocket, Seen>();
  const welcome = (socket: WebSocket, query: URLSearchParams, visitor: string | null): void => {
    const client = `client-${++welcomed}`;
    const connection = new Connection(socket, { client, channels, now: options.now, record, limits });
    const seen = { connection, visitor, alive: true, sent: 0 };
    connections.set(socket, seen);
    for (const sign of ['pong', 'ping', 'message'] as const) socket.on(sign, () => (seen.alive = true));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      connections.delete(socket);
      connection.unsubscribe();
    });
    connection.say({
      type: 'hello',
      protocol: PROTOCOL,
      server: `angiocast/${options.version}`,
      epoch: options.epoch,
      streams: options.rows(),
    });
    const { subscription, objections } = askedFor({ all: (name) => query.getAll(name) }, [...channels.keys()], options.epoch);
    for (const objection of objections) connection.say({ type: 'error', ...objection });
    connection.subscribe(subscription);
  };

  const stopped = checkAccess(options);
  const isFull = (visitor: string | null): boolean => {
    const theirs = (seen: Seen): boolean => seen.visitor === visitor;
    return visitor !== null && [...connections.values()].filter(theirs).length >= limits.clientsPerAddress;
  };
  const whyNot = (asking: Asking, visitor: string | null): Refusal | null =>
    stopped(asking) ?? (connections.size >= limits.clients ? 'full' : isFull(visitor) ? 'full-for-address' : null);
  const refuse = (socket: Duplex, refusal: Refusal): void => {
    record({ metric: 'clients_refused_total', labels: { reason: refusal }, value: 1 });
    socket.on('error', () => socket.destroy());
    options.refused(refusal);
    turnAway(socket, refusal);
  };
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    if (!offersWebSocket(request)) return ignoreUpgrade(server, request, socket);
    // The target of a request may be anything but a space.
    if (!URL.canParse(request.url ?? '/', HERE)) return refuse(socket, 'senseless');
    const [path, query] = /^([^?#]*)\??([^#]*)/.exec(request.url ?? '')?.slice(1) ?? [];
    const asked = new URLSearchParams(query);
    const visitor = options.visitorOf(request.socket.remoteAddress);
    const { authorization, origin, host } = request.headers;
    const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    const asking = { authorization, origin, host, queryToken: asked.get('token'), protocols, secure: socket instanceof TLSSocket };
    if (path !== '/ws') return refuse(socket, 'address');
    const refusal = whyNot(asking, visitor);
    if (refusal) return refuse(socket, refusal);
    sockets.handleUpgrade(request, socket, head, (opened) => welcome(opened, asked, visitor));
  };
  server.on('upgrade', upgrade);

  const heartbeat = setInterval(() => {
    for (const [socket, seen] of connections) {
      if (!seen.alive && seen.sent === seen.connection.sent) socket.terminate();
      seen.alive = false;
      seen.sent = seen.connection.sent;
      if (socket.readyState === socket.OPEN) socket.ping();
    }
  }, options.heartbeatMs ?? 15_000);
  heartbeat.unref();
  const breath = setInterval(() => {
    for (const { connection } of connections.values()) connection.breathe(QUIET_MS);
  }, BREATH_MS);
  breath.unref();

  return {
    whyNot: (asking, address) => whyNot(asking, options.visitorOf(address)),
    tellStreams() {
      for (const { connection } of connections.values()) connection.follow({ type: 'streams', streams: options.rows() });
    },
    clients() {
      const all = [...connections.values()];
      return topics.map((topic): Sample => {
        const value = all.filter(({ connection }) => connection.topics.has(topic)).length;
        return { metric: 'clients', labels: { topic }, value };
      });
    },
    close() {
      clearInterval(heartbeat);
      clearInterval(breath);
      server.off('upgrade', upgrade);
      server.on('upgrade', (_request, socket) => refuse(socket, 'closing'));
      for (const socket of connections.keys()) socket.close(GOING_AWAY, 'The server is closing');
      setTimeout(() => {
        for (const socket of connections.keys()) socket.terminate();
      }, 300).unref();
      sockets.close();
    },
  };
}

interface Seen {
  readonly connection: Connection;
  readonly visitor: string | null;
  alive: boolean;
  sent: number;
}

function turnAway(socket: Duplex, refusal: Refusal): void {
  const status = statusOf[refusal];
  const body = JSON.stringify(problemOf(refusal));
  const challenge = status === 401 ? 'WWW-Authenticate: Bearer\r\n' : '';
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${challenge}Connection: close\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
