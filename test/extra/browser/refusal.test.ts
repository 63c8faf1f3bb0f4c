import { createServer, request, type Server } from 'node:http';
import { connect as dial, type AddressInfo } from 'node:net';
import { serving, stopServing } from '../../push/serving';
import { chromiumPages, keepScreenshot, viewFolder } from './chromium-pages';

const pages = chromiumPages();
const token = 'a-very-secret-token';
const proxies: Server[] = [];

afterEach(async () => {
  for (const proxy of proxies.splice(0)) {
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  }
  await stopServing();
});

/** A typical proxy: forwards pages unchanged, the socket under another host name or not at all. */
async function proxied(port: number, host: string | null, passesUpgrade = true): Promise<string> {
  const proxy = createServer((asked, answer) => {
    const headers = { ...asked.headers, ...(asked.url === '/ws' && host !== null ? { host } : {}) };
    const handed = request({ port, path: asked.url, method: asked.method, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
    });
    handed.on('error', () => answer.destroy());
    asked.pipe(handed);
  });
  proxy.on('upgrade', (asked, socket) => {
    if (!passesUpgrade) return void socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
    const headers = Object.entries({ ...asked.headers, ...(host === null ? {} : { host }) }).map(
      ([name, value]) => `${name}: ${String(value)}\r\n`,
    );
    const to = dial(port, '127.0.0.1', () => to.write(`GET ${asked.url} HTTP/1.1\r\n${headers.join('')}\r\n`));
    for (const end of [to, socket]) end.on('error', () => [to, socket].forEach((one) => one.destroy()));
    to.pipe(socket).pipe(to);
  });
  proxies.push(proxy);
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/`;
}

it('shows a field for a missing or wrong token, keeps it for this tab, and is let in with it', async () => {
  const warnings: string[] = [];
  const server = await serving({ viewFolder, token, warn: (line) => void warnings.push(line) });
  const page = await pages.open(`http://127.0.0.1:${server.port}/?token=another-token`);
  await page.waitForSelector('#refusal[data-code=unauthorised]');
  expect(await page.textContent('#refusal strong')).toBe('The server does not accept this token.');
  expect(await page.textContent('#state')).toContain('No access');
  expect(await page.textContent('#model')).toBe('model not known');
  await keepScreenshot(page, 'refused-token');
  await page.fill('#refusal input', token);
  await page.click('#refusal button');
  await page.waitForSelector('body[data-connected=true]');
  expect(await page.$('#refusal')).toBeNull();
  expect(page.url()).not.toContain('token');
  await page.reload();
  await page.waitForSelector('body[data-connected=true]');
  expect(warnings).toEqual(['Refused a screen with 401: Expected a token']);
}, 60_000);

it.each([['?wall'], ['?stream=a&kiosk'], ['']])(
  'reports it at /%s without any token, and keys typed into the field trigger nothing',
  async (query) => {
    const server = await serving({ viewFolder, token });
    const page = await pages.open(`http://127.0.0.1:${server.port}/${query}`);
    await page.waitForSelector('#refusal[data-code=unauthorised]');
    expect(await page.textContent('#refusal strong')).toBe('The server asks for a token.');
    await keepScreenshot(page, `refused${query.replace(/[^a-z]+/g, '-')}`);
    await page.focus('#refusal input');
    await page.keyboard.type('kt?');
    expect([await page.inputValue('#refusal input'), await page.$('#help')]).toEqual(['kt?', null]);
    expect(await page.isDisabled('#refusal button')).toBe(true);
  },
  60_000,
);

it('reports that its origin is not allowed behind a proxy that hands on another name', async () => {
  const server = await serving({ viewFolder });
  const address = await proxied(server.port, 'localhost:1');
  const page = await pages.open(address);
  await page.waitForSelector('#refusal[data-code=unknown-origin]');
  expect(await page.textContent('#refusal')).toContain(`add ${new URL(address).origin} to allowedOrigins`);
  await keepScreenshot(page, 'refused-origin');
}, 60_000);

it('reports a host name that the server does not accept', async () => {
  const server = await serving({ viewFolder });
  const page = await pages.open(await proxied(server.port, 'upstream'));
  await page.waitForSelector('#refusal[data-code=unknown-host]');
  expect(await page.textContent('#refusal strong')).toBe('The server is called by a name that it does not know.');
}, 60_000);

it('reports that no WebSocket comes through a proxy that passes none on', async () => {
  const server = await serving({ viewFolder });
  const page = await pages.open(await proxied(server.port, null, false));
  await page.waitForFunction(() => document.getElementById('reason')?.textContent?.includes('no WebSocket comes through'));
  expect(await page.getAttribute('#state', 'data-state')).toBe('disconnected');
}, 60_000);
