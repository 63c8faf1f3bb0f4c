import { cpSync } from 'node:fs';
import { build } from 'esbuild';

await build({
  entryPoints: ['src/view/main.dom.ts'],
  bundle: true,
  minify: true,
  sourcemap: true,
  target: 'es2022',
  outfile: 'dist/view/main.js',
  logLevel: 'warning',
});
for (const file of ['index.html', 'page.css']) cpSync(`src/view/${file}`, `dist/view/${file}`);
