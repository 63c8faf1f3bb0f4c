import { createServer } from 'node:http';
import { PassThrough } from 'node:stream';
import { defaultLimits } from '../../src/push/access/limits';
import { webSockets } from '../../src/push/websocket/server.node';

it('survives a screen that comes while it closes, and is cut off', async () => {
  const server = createServer();
  const sockets = webSockets({
    ...{
      server,
      channels: new Map(),
      rows: () => [],
      version: '',
      epoch: '',
      now: () => 0,
      record: () => undefined,
      onRefusal: () => undefined,
    },
    ...{ allowedOrigins: [], insecure: false, limits: defaultLimits, clientAddress: () => null },
  });
  sockets.close();
  const socket = new PassThrough();
  server.emit('upgrade', { headers: {} }, socket, Buffer.alloc(0));
  socket.destroy(new Error('read ECONNRESET'));
  // Without a listener, the error would end the process.
  await new Promise<void>((resolve) => socket.once('close', resolve));
  expect(socket.destroyed).toBe(true);
});
