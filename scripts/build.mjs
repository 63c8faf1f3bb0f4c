/**
 * Builds dist/ from src/, unless nothing changed since: a running server's files are left alone. The compiler checks
 * types apart from it (`npm run lint`).
 */
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const done = 'dist/.built';
const changedAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const sources = readdirSync('src', { recursive: true }).map((name) => `src/${name}`);
if (changedAt(done) > Math.max(...[...sources, 'package-lock.json', fileURLToPath(import.meta.url)].map(changedAt))) process.exit();

const bundled = { bundle: true, logLevel: 'warning' };
const small = { ...bundled, minify: true, sourcemap: true, target: 'es2022' };

/** Programs and threads, each in one file with its packages: that loads faster. Native packages stay outside. */
const programs = [
  'main.node',
  'infer/providers/provider-probe.node',
  'infer/worker/inference-worker.node',
  'phantom/data/write-stacks.node',
  'phantom/feed/feed.node',
  'server/stream-worker.node',
];
await build({
  ...bundled,
  entryPoints: programs.map((name) => `src/${name}.ts`),
  outbase: 'src',
  outdir: 'dist',
  platform: 'node',
  target: 'node20',
  external: ['@ffmpeg-installer/ffmpeg', 'onnxruntime-node', 'sharp'],
  legalComments: 'linked',
});

/** The page, and the client library: /client.js for pages, angiocast/client for programs (package.json, exports). */
await build({
  ...small,
  entryPoints: { main: 'src/view/main.dom.tsx', page: 'src/view/page.css' },
  jsx: 'automatic',
  jsxImportSource: 'preact',
  outdir: 'dist/view',
});
cpSync('src/view/index.html', 'dist/view/index.html');
await build({ ...small, entryPoints: ['src/receive/connect.dom.ts'], format: 'esm', outfile: 'dist/view/client.js' });
await build({
  ...small,
  entryPoints: ['src/receive/connect.node.ts'],
  platform: 'node',
  target: 'node20',
  external: ['ws'],
  outfile: 'dist/client.node.cjs',
});

/** The page of `angiocast probe --calibrate`, apart: no server shows it. */
await build({ ...small, sourcemap: false, entryPoints: ['src/calibration/flash.dom.ts'], outfile: 'dist/flash/flash.js' });
cpSync('src/calibration/flash.html', 'dist/flash/index.html');
cpSync('src/calibration/flash.css', 'dist/flash/flash.css');

/**
 * The pixel kernels, as WebAssembly. Their memory comes from outside and is shared with other threads; as much of it as
 * WebAssembly can address.
 */
const memory = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];
const options = ['-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd', '--enable', 'threads', ...memory];
const compiler = join(dirname(createRequire(import.meta.url).resolve('assemblyscript/package.json')), 'bin/asc.js');
const kernels = ['src/acquire/pixels/kernels.as.ts', '-o', 'dist/acquire/pixels/kernels.wasm'];
const { status } = spawnSync(process.execPath, [compiler, ...kernels, ...options], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

writeFileSync(done, '');
