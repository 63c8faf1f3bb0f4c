import path from 'node:path';
import { buildSync } from 'esbuild';

const root = path.resolve(__dirname, '../..');

/** A TypeScript file of test/ in JavaScript, for a process of its own; returns its path. */
export function bundled(file: string): string {
  const outfile = path.join(root, 'out/test', `${path.relative(__dirname, file).replace(/[^\w-]+/g, '-')}.js`);
  buildSync({ entryPoints: [file], outfile, bundle: true, platform: 'node', packages: 'external', logLevel: 'warning' });
  return outfile;
}
