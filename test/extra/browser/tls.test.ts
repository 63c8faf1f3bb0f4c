import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateInUse } from '../../../src/push/access/certificate.node';
import { Script } from '../../push/scripted';
import { serving, stopServing } from '../../push/serving';
import { pairFiles, putPair } from '../../support/key-pairs';
import { chromiumPages, shows, viewFolder } from './chromium-pages';
import { playRun } from './scripted-run';

const pages = chromiumPages();
afterEach(stopServing);

it('shows picture and mask of a server that uses TLS and requires a token', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'angiocast-tls-'));
  putPair(pairFiles(folder), 'one');
  const certificate = new CertificateInUse(pairFiles(folder), () => undefined);
  const server = await serving({ viewFolder, certificate, token: 'a-token-to-look-with' });
  const page = await pages.open(`https://127.0.0.1:${server.port}/?token=a-token-to-look-with`, { ignoreHTTPSErrors: true });
  await page.waitForSelector('body[data-connected=true]');
  await playRun(server, new Script('a'), 'r1', 12, 10);
  await shows(page, 'key', 'mask', 'r1/10/own');
  expect(pages.errors).toEqual([]);
  rmSync(folder, { recursive: true });
}, 60_000);
