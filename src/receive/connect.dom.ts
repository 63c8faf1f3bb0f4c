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
    const socket = new WebSocket(url, [...subprotocols]);
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
    return (await fetch(url, { method: 'POST', headers })).json() as Promise<unknown>;
  },
  text: (bytes) => new TextDecoder().decode(bytes),
};

/** Connects a page to angiocast; without a `url`, to where the page came from. */
export function connect(options: Partial<ClientOptions> = {}): Client {
  return new Client({ ...options, url: options.url ?? new URL('.', location.href).href }, platform);
}
