import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serving, stopServing, type Serving } from './serving';

const folder = mkdtempSync(join(tmpdir(), 'angiocast-paths-'));
const viewFolder = join(folder, 'view');
mkdirSync(viewFolder);
writeFileSync(join(viewFolder, 'index.html'), 'the page');
writeFileSync(join(viewFolder, '.hidden'), 'planted');
writeFileSync(join(folder, 'secret.txt'), 'planted');
mkdirSync(join(folder, 'view-of-others'));
writeFileSync(join(folder, 'view-of-others', 'secret.txt'), 'planted');
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(stopServing);

/** What a server answers to a path exactly as it stands here; clients would tidy it up. */
function answerTo(server: Serving, path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1');
    let answer = '';
    socket.on('error', () => undefined).on('data', (bytes) => (answer += bytes.toString()));
    socket.on('close', () => resolve(answer));
    socket.write(Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`, 'latin1'));
  });
}

const ways = [
  ...[
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/%2E%2E%2Fsecret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '\\..\\secret.txt',
  ],
  ...[
    '/%252e%252e/secret.txt',
    '/....//secret.txt',
    '/./../secret.txt',
    '//../secret.txt',
    '/x/../../secret.txt',
    '/%c0%ae%c0%ae/secret.txt',
    '/\xc0\xae\xc0\xae/secret.txt',
  ],
  ...[
    '/../view-of-others/secret.txt',
    '/..%2fview-of-others%2fsecret.txt',
    '/secret.txt%00.html',
    '/index.html%00',
    '/..%00/secret.txt',
    '/.hidden',
    '/%2ehidden',
    '/./.hidden',
  ],
  ...[
    '/file:///etc/passwd',
    'file:///etc/passwd',
    'http://127.0.0.1/../secret.txt',
    '/etc/passwd',
    '//etc/passwd',
    '/~root/.ssh/id_rsa',
    '/C:\\secret.txt',
    '/?../secret.txt',
  ],
  ...[
    '/api/v1/runs/../../../secret.txt',
    '/api/v1/runs/..%2f..%2f..%2fsecret.txt',
    '/api/v1/runs/x/..%2fsecret.txt',
    '/api/v1/runs/x/%2e%2e%2fkeyframe.png',
    '/client.js/../../secret.txt',
  ],
];

it.each(ways)('leads nowhere by %j', async (path) => {
  const server = await serving({ viewFolder });
  const answer = await answerTo(server, path);
  expect(answer).not.toMatch(/planted|root:|PRIVATE/);
  // What leads nowhere is refused; what a browser would tidy to the page is the page.
  expect(answer).toMatch(/^HTTP\/1\.1 (400|403|404) |the page$/);
  expect(answer).not.toContain(folder);
  expect((await server.get('/')).status).toBe(200);
});

describe('the headers for browsers', () => {
  it('forbid foreign content, type guessing, referrers and foreign frames', async () => {
    const server = await serving({ viewFolder });
    for (const path of ['/', '/nothing', '/api/v1/streams', '/metrics']) {
      const { headers } = await server.get(path);
      expect(headers.get('content-security-policy')?.split(';').sort()).toEqual([
        ...["base-uri 'none'", "connect-src 'self'", "default-src 'none'", "form-action 'none'", "frame-ancestors 'self'"],
        ...["img-src 'self' blob: data:", "script-src 'self'", "style-src 'self'"],
      ]);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  it('fits a page without scripts and styles within', () => {
    const page = readFileSync(join(__dirname, '../../src/view/index.html'), 'utf8');
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)/i);
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });
});
