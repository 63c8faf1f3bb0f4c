/** Compiles the pixel kernels to WebAssembly, unless that was done since they or this file changed. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = 'src/acquire/pixels';
const source = `${folder}/kernels.as.ts`;
const sources = readdirSync(folder).flatMap((name) => (name.endsWith('.as.ts') ? [join(folder, name)] : []));
const built = 'dist/acquire/pixels/kernels.wasm';
const changedAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** The memory comes from outside and is shared with other threads; as much of it as WebAssembly can address. */
const memory = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];
const options = ['-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd', '--enable', 'threads', ...memory];

if (changedAt(built) < Math.max(...[...sources, fileURLToPath(import.meta.url)].map(changedAt))) {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('assemblyscript/package.json')), 'bin/asc.js');
  const { status } = spawnSync(process.execPath, [compiler, source, ...options, '-o', built], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
