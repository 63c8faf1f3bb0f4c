import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Served, serve } from './serve';

let served: Served | undefined;
let collector: Server | undefined;
afterEach(async () => {
  await served?.stop('SIGKILL');
  collector?.closeAllConnections();
  collector?.close();
});

it('works and ends in time while its collector of traces hangs, and names each mask by its trace in the log', async () => {
  const hung: string[] = [];
  collector = createServer((request) => void hung.push(request.headers.authorization ?? ''));
  await new Promise<void>((resolve) => collector?.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  const endpoint = `http://surgeon:hunter2@127.0.0.1:${port}`;
  served = await serve({ sources: ['phantom:#id=suite&seed=3'], env: { ANGIOCAST_OTLP_ENDPOINT: endpoint } });
  const mask = await served.client.waitFor('a mask', ({ type }) => type === 'mask', 60_000);
  const { traceId } = mask.timing as { readonly traceId: string };
  for (const deadline = Date.now() + 15_000; hung.length === 0 && Date.now() < deadline;)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect(hung[0]).toMatch(/^Basic /);
  await served.client.waitFor('another mask', ({ type }) => type === 'mask', 60_000, served.client.messages.length);
  const traces = JSON.parse((await served.get(`/api/v1/runs/${String(mask.run)}/trace`)).body) as { readonly traceId: string }[];
  expect(traces.map((trace) => trace.traceId)).toContain(traceId);

  const exit = await served.stop();
  expect(exit).toMatchObject({ code: 0, signal: null });
  expect(exit.milliseconds).toBeLessThan(2_000);
  const line = served
    .log()
    .split('\n')
    .find((text) => text.includes(traceId));
  expect(JSON.parse(line ?? '{}')).toMatchObject({ msg: 'mask published', stream: 'suite', run: mask.run, delayMs: expect.any(Number) });
  expect(served.log()).toContain('trace spans were not sent before the server stopped');
  expect(served.log()).not.toMatch(/hunter2|surgeon/);
}, 150_000);
