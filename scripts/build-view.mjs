import { cpSync } from 'node:fs';
import { build } from 'esbuild';

await build({
  entryPoints: ['src/view/main.dom.tsx'],
  bundle: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  minify: true,
  sourcemap: true,
  target: 'es2022',
  outfile: 'dist/view/main.js',
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

for (const file of ['index.html', 'page.css']) cpSync(`src/view/${file}`, `dist/view/${file}`);

/** The page of `angiocast probe --calibrate`, apart: no server shows it. */
await build({
  entryPoints: ['src/view/flash.dom.ts'],
  bundle: true,
  minify: true,
  target: 'es2022',
  outfile: 'dist/flash/flash.js',
  logLevel: 'warning',
});
cpSync('src/view/flash.html', 'dist/flash/index.html');
cpSync('src/view/flash.css', 'dist/flash/flash.css');
