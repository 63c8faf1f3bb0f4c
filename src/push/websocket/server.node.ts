import { type IncomingMessage, type Server, ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Sample } from '../../measure/metrics';
import { PROTOCOL, topics } from '../../protocol/messages';
import type { StreamStatus } from '../../protocol/stream-status';
import type { AccessRequest } from '../access/access-request';
import { type AccessOptions, checkAccess } from '../access/access.node';
import { type Limits, MAX_MESSAGE_BYTES } from '../access/limits';
import { problemOf, type Refusal, statusOf } from '../access/refusal';
import type { Channel } from './channel.node';
import { Connection } from './connection.node';
import { parseSubscription } from './subscription';

/** Whether an upgrade is to a WebSocket; Java's HttpClient offers HTTP/2 (`Upgrade: h2c`) with each request. */
export const offersWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.trim().toLowerCase() === 'websocket';

/** Answers a request as if it had no Upgrade header, as RFC 9110, section 7.8 allows, and closes its connection. */
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
  readonly onRefusal: (refusal: Refusal) => void;
  /** A client that is silent and reads nothing for two of these is disconnected. */
  readonly heartbeatMs?: number | undefined;
  readonly limits: Limits;
  /** Under which key connections of a peer are limited; null: not at all. */
  readonly clientAddress: (address: string | undefined) => string | null;
}

const GOING_AWAY = 1001;
/** `alive` is sent after this much silence, checked this often: every client hears the server within a second. */
const [ALIVE_CHECK_MS, ALIVE_AFTER_MS] = [200, 700];
/** Cuts off a client that keeps sending after a close: an option missing in the types of ws. */
const closeOptions = { closeTimeout: 1000 };
const BASE_URL = 'http://localhost';

export interface WebSockets {
  /** Why a screen with this request and peer address would be refused now; null: it would not. */
  refusalFor(request: AccessRequest, address: string | undefined): Refusal | null;
  /** Sends every screen the current list of streams. */
  announceStreams(): void;
  /** Screens per topic. Counted on request: a thousand returning at once would each count all others. */
  clients(): readonly Sample[];
  /** Closes all connections, by force after 300 ms. */
  close(): void;
}

/** Serves `/ws` on an HTTP server. */
export function webSockets(options: WebSocketOptions): WebSockets {
  const { server, channels, record, limits } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    ...closeOptions,
    handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  });
  let clientCount = 0;
  const clients = new Map<WebSocket, Client>();
  const accept = (socket: WebSocket, query: URLSearchParams, address: string | null): void => {
    const id = `client-${++clientCount}`;
    const connection = new Connection(socket, { client: id, channels, now: options.now, record, limits });
    const client: Client = { connection, address, alive: true, sent: 0 };
    clients.set(socket, client);
    for (const activity of ['pong', 'ping', 'message'] as const) socket.on(activity, () => (client.alive = true));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clients.delete(socket);
      connection.unsubscribe();
    });
    connection.sendNow({
      type: 'hello',
      protocol: PROTOCOL,
      server: `angiocast/${options.version}`,
      epoch: options.epoch,
      streams: options.rows(),
    });
    const { subscription, errors } = parseSubscription({ all: (name) => query.getAll(name) }, [...channels.keys()], options.epoch);
    for (const error of errors) connection.sendNow({ type: 'error', ...error });
    connection.subscribe(subscription);
  };

  const accessRefusal = checkAccess(options);
  const isFull = (address: string | null): boolean => {
    if (address === null) return false;
    return [...clients.values()].filter((client) => client.address === address).length >= limits.clientsPerAddress;
  };
  const refusalFor = (request: AccessRequest, address: string | null): Refusal | null =>
    accessRefusal(request) ?? (clients.size >= limits.clients ? 'full' : isFull(address) ? 'full-for-address' : null);
  const refuse = (socket: Duplex, refusal: Refusal): void => {
    record({ metric: 'clients_refused_total', labels: { reason: refusal }, value: 1 });
    socket.on('error', () => socket.destroy());
    options.onRefusal(refusal);
    answerRefusal(socket, refusal);
  };
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    if (!offersWebSocket(request)) return ignoreUpgrade(server, request, socket);
    // A request target may be any text without spaces.
    if (!URL.canParse(request.url ?? '/', BASE_URL)) return refuse(socket, 'bad-request');
    const [path, query] = /^([^?#]*)\??([^#]*)/.exec(request.url ?? '')?.slice(1) ?? [];
    const parameters = new URLSearchParams(query);
    const address = options.clientAddress(request.socket.remoteAddress);
    const { authorization, origin, host } = request.headers;
    const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    const accessRequest = {
      authorization,
      origin,
      host,
      queryToken: parameters.get('token'),
      protocols,
      secure: socket instanceof TLSSocket,
    };
    if (path !== '/ws') return refuse(socket, 'address');
    const refusal = refusalFor(accessRequest, address);
    if (refusal) return refuse(socket, refusal);
    sockets.handleUpgrade(request, socket, head, (opened) => accept(opened, parameters, address));
  };
  server.on('upgrade', upgrade);

  const heartbeat = setInterval(() => {
    for (const [socket, client] of clients) {
      if (!client.alive && client.sent === client.connection.sent) socket.terminate();
      client.alive = false;
      client.sent = client.connection.sent;
      if (socket.readyState === socket.OPEN) socket.ping();
    }
  }, options.heartbeatMs ?? 15_000);
  heartbeat.unref();
  const aliveTimer = setInterval(() => {
    for (const { connection } of clients.values()) connection.keepAlive(ALIVE_AFTER_MS);
  }, ALIVE_CHECK_MS);
  aliveTimer.unref();

  return {
    refusalFor: (request, address) => refusalFor(request, options.clientAddress(address)),
    announceStreams() {
      for (const { connection } of clients.values()) connection.updateStreams({ type: 'streams', streams: options.rows() });
    },
    clients() {
      const all = [...clients.values()];
      return topics.map((topic): Sample => {
        const value = all.filter(({ connection }) => connection.topics.has(topic)).length;
        return { metric: 'clients', labels: { topic }, value };
      });
    },
    close() {
      clearInterval(heartbeat);
      clearInterval(aliveTimer);
      server.off('upgrade', upgrade);
      server.on('upgrade', (_request, socket) => refuse(socket, 'closing'));
      for (const socket of clients.keys()) socket.close(GOING_AWAY, 'The server is closing');
      setTimeout(() => {
        for (const socket of clients.keys()) socket.terminate();
      }, 300).unref();
      sockets.close();
    },
  };
}

interface Client {
  readonly connection: Connection;
  readonly address: string | null;
  alive: boolean;
  sent: number;
}

function answerRefusal(socket: Duplex, refusal: Refusal): void {
  const status = statusOf[refusal];
  const body = JSON.stringify(problemOf(refusal));
  const challenge = status === 401 ? 'WWW-Authenticate: Bearer\r\n' : '';
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${challenge}Connection: close\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
