import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface SlowLink {
  readonly port: number;
  /** Bytes that came down to the browser so far. */
  carried(): number;
  close(): Promise<void>;
}

const TICK_MS = 20;

/**
 * A narrow way to a port of the loopback: so many bytes a second come down, over all its connections together, and it
 * reads no faster than it sends. Up is free.
 */
export async function slowLink(to: number, bytesPerSecond: number): Promise<SlowLink> {
  const sockets = new Set<Socket>();
  const downs: { readonly from: Socket; readonly to: Socket }[] = [];
  let carried = 0;
  const server = createServer((browser) => {
    const upstream = connect({ port: to, host: '127.0.0.1' });
    for (const socket of [browser, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => (browser.destroy(), upstream.destroy(), sockets.delete(socket)));
    }
    browser.pipe(upstream);
    downs.push({ from: upstream, to: browser });
  });
  let allowance = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    allowance = Math.min(allowance + ((now - last) / 1000) * bytesPerSecond, bytesPerSecond / 4);
    last = now;
    for (const { from, to: browser } of downs) {
      const ready = Math.min(Math.floor(allowance), from.readableLength);
      const chunk: unknown = ready > 0 && !browser.destroyed ? from.read(ready) : from.read(0);
      if (!Buffer.isBuffer(chunk)) continue;
      browser.write(chunk);
      allowance -= chunk.length;
      carried += chunk.length;
    }
    // The first in line goes last next time.
    downs.push(...downs.splice(0, 1));
  }, TICK_MS);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    carried: () => carried,
    close: () => {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
