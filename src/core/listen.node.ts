import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Starts listening; resolves to the port. Port 0 takes any free one. Rejects with a readable reason. */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === 'EADDRINUSE'
          ? 'another program listens there'
          : cause.code === 'EACCES'
            ? 'this user may not listen there'
            : cause.message;
      reject(Object.assign(new Error(`Expected a port to listen on, got ${host}:${port}: ${why}`, { cause }), { code: cause.code }));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
