import { createServer, type Server } from 'node:net';
import { firstValueFrom, lastValueFrom, takeUntil, timer } from 'rxjs';
import { serverReachable } from '../../src/acquire/connection/server-reachable.node';
import { parseSource } from '../../src/acquire/source-uri';
import { freePort } from './ffmpegs';

jest.setTimeout(60_000);

let server: Server;
const listen = (port: number) => new Promise<void>((resolve) => (server = createServer().listen(port, '127.0.0.1', resolve)));
afterEach(() => new Promise((resolve) => server.close(resolve)));

it('reports a server soon after it is back', async () => {
  const port = await freePort();
  const back = firstValueFrom(serverReachable(parseSource(`rtsp://user:word@127.0.0.1:${port}/live`)));
  await new Promise((resolve) => setTimeout(resolve, 400));
  await listen(port);
  const startedAt = performance.now();
  await back;
  expect(performance.now() - startedAt).toBeLessThan(600);
});

it('reports neither a server that was there all the time nor other sources', async () => {
  const port = await freePort();
  await listen(port);
  for (const uri of [`rtsp://127.0.0.1:${port}/live`, `rtsp-listen://127.0.0.1:${port}/live`, 'v4l2:/dev/video0']) {
    const silence = serverReachable(parseSource(uri)).pipe(takeUntil(timer(700)));
    expect(await lastValueFrom(silence, { defaultValue: 'nothing' })).toBe('nothing');
  }
});
