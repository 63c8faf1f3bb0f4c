import { existsSync } from 'node:fs';
if (existsSync('src/view/main.dom.ts')) {
  const { build } = await import('esbuild');
  await build({
    entryPoints: ['src/view/main.dom.ts'],
    bundle: true,
    minify: true,
    sourcemap: true,
    target: 'es2022',
    outfile: 'dist/view/main.js',
    logLevel: 'warning',
  });
}
