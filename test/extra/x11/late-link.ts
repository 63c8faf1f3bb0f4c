import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface LateLink {
  readonly port: number;
  close(): void;
}

/** A proxy to a port of the loopback that delays both directions. */
export async function lateLink(to: number, delayMs: number): Promise<LateLink> {
  const sockets = new Set<Socket>();
  const carry = (from: Socket, on: Socket): void => {
    sockets.add(from.setNoDelay(true));
    from.on('data', (bytes) => setTimeout(() => on.write(bytes), delayMs));
    from.on('error', () => undefined);
    from.on('close', () => setTimeout(() => on.destroy(), delayMs));
  };
  const server = createServer((near) => {
    const far = connect({ port: to, host: '127.0.0.1' });
    carry(near, far);
    carry(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      sockets.forEach((socket) => socket.destroy());
    },
  };
}
