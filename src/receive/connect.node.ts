import WebSocket from 'ws';
import { Client } from './client';
import type { Platform, Socket } from './platform';
import type { ClientOptions } from './subscription';

export { Client } from './client';
export type { ClientOptions, Subscription } from './subscription';
export type { AnyReceived, ClientEvents, ConnectionState, ReceivedMessage } from './client-events';
export type { Problem } from './decode';
export { decodeMask, maskImage } from './decode';

const platform: Platform = {
  open: (url, subprotocols) => {
    const socket = new WebSocket(url, [...subprotocols], { perMessageDeflate: false });
    socket.binaryType = 'arraybuffer';
    return socket as Socket;
  },
  now: () => performance.timeOrigin + performance.now(),
  random: Math.random,
  later: (milliseconds, work) => {
    const timer = setTimeout(work, milliseconds);
    return () => clearTimeout(timer);
  },
  ask: async (url, token) => {
    const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    return (await fetch(url, { method: 'POST', headers })).json();
  },
  text: (bytes) => new TextDecoder().decode(bytes),
};

/** Connects a program on Node to angiocast. Keeps the process alive until `close`. */
export function connect(options: ClientOptions): Client {
  return new Client(options, platform);
}
