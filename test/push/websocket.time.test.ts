import { once } from 'node:events';
import { connect } from 'node:net';
import { serving, stopServing } from './serving';

afterEach(stopServing);

it('a client is cut off a second after it was sent away, when it goes on talking', async () => {
  const server = await serving();
  const rude = connect(server.port, '127.0.0.1').on('error', () => undefined);
  rude.write(
    `GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${btoa('0123456789abcdef')}\r\n\r\n`,
  );
  rude.resume();
  await once(rude, 'data');
  const began = Date.now();
  // An empty binary message, masked.
  const talking = setInterval(() => rude.write(Uint8Array.of(0x82, 0x80, 0, 0, 0, 0)), 5);
  // The connection may end by a reset, for which `once` would fail.
  await new Promise((resolve) => rude.on('close', resolve));
  clearInterval(talking);
  expect(Date.now() - began).toBeLessThan(4000);
});
