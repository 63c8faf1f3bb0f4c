/** Bundles the pages and the client library, unless nothing changed since: a running server's files are left alone. */
import { cpSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const last = 'dist/flash/flash.css';
const changedAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const sources = readdirSync('src', { recursive: true }).map((name) => `src/${name}`);
if (changedAt(last) > Math.max(...[...sources, 'package-lock.json', fileURLToPath(import.meta.url)].map(changedAt))) process.exit();

await build({
  entryPoints: { main: 'src/view/main.dom.tsx', page: 'src/view/page.css' },
  bundle: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  minify: true,
  sourcemap: true,
  target: 'es2022',
  outdir: 'dist/view',
  logLevel: 'warning',
});

/** The client library: for pages as /client.js, for programs as angiocast/client (package.json, exports). */
const client = { bundle: true, minify: true, sourcemap: true, logLevel: 'warning' };
await build({ ...client, entryPoints: ['src/receive/connect.dom.ts'], format: 'esm', target: 'es2022', outfile: 'dist/view/client.js' });
await build({
  ...client,
  entryPoints: ['src/receive/connect.node.ts'],
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  external: ['ws'],
  outfile: 'dist/client.node.cjs',
});

cpSync('src/view/index.html', 'dist/view/index.html');

/** The page of `angiocast probe --calibrate`, apart: no server shows it. */
await build({
  entryPoints: ['src/calibration/flash.dom.ts'],
  bundle: true,
  minify: true,
  target: 'es2022',
  outfile: 'dist/flash/flash.js',
  logLevel: 'warning',
});
cpSync('src/calibration/flash.html', 'dist/flash/index.html');
cpSync('src/calibration/flash.css', last);
