import { firstValueFrom } from 'rxjs';
import type { Flash } from '../../src/calibration/brightness-steps';
import { type FlashPage, flashPage } from '../../src/calibration/flash-page.node';

let page: FlashPage;
const received: Flash[] = [];
beforeEach(async () => {
  received.length = 0;
  page = await flashPage({ clock: { now: () => 1234.5 }, host: '127.0.0.1', port: 0 });
  page.flashes.subscribe((flash) => received.push(flash));
});
afterEach(() => page.close());

const post = (body: string, type = 'application/json'): Promise<Response> =>
  fetch(`http://127.0.0.1:${page.port}/flashes`, { method: 'POST', headers: { 'content-type': type }, body });

it('takes what the page painted, and answers with the time', async () => {
  const flashes = [
    { at: 1000.25, bright: true },
    { at: 1600, bright: false },
  ];
  const answer = await post(JSON.stringify({ flashes }));
  expect(await answer.json()).toEqual({ at: 1234.5 });
  expect(await (await post('{"flashes":[]}')).json()).toEqual({ at: 1234.5 });
  expect(received).toEqual(flashes);
});

it.each([
  ['no JSON', '{'],
  ['more than it needs', `{"flashes":[${' '.repeat(5000)}]}`],
  ['something else', '{"flashes":[{"at":"now","bright":true}]}'],
  ['more than it asked for', '{"flashes":[],"more":1}'],
  ['more flashes than there can be', JSON.stringify({ flashes: Array<Flash>(17).fill({ at: 1, bright: true }) })],
])('refuses %s', async (_, body) => {
  const answer = await post(body);
  expect([answer.status, await answer.text()]).toEqual([400, 'Bad Request']);
  expect(received).toEqual([]);
});

it('takes JSON only: a page from elsewhere may send text without a preflight, but no JSON', async () => {
  expect((await post('{"flashes":[{"at":1,"bright":true}]}', 'text/plain')).status).toBe(400);
  const asked = await fetch(`http://127.0.0.1:${page.port}/flashes`, { method: 'OPTIONS', headers: { origin: 'http://elsewhere' } });
  expect(asked.headers.get('access-control-allow-origin')).toBeNull();
  expect(received).toEqual([]);
});

it('shows whether the page was opened', async () => {
  expect(await firstValueFrom(page.opened)).toBe(false);
  await fetch(`http://127.0.0.1:${page.port}/`);
  expect(await firstValueFrom(page.opened)).toBe(true);
});

it('explains why it cannot be served', async () => {
  const second = flashPage({ clock: { now: () => 0 }, host: '127.0.0.1', port: page.port });
  await expect(second).rejects.toThrow(`Expected a port to listen on, got 127.0.0.1:${page.port}: another program listens there`);
});
