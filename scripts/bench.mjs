/** Bundles one file of bench/ and runs it: `node scripts/bench.mjs key-frames [arguments]`. */
import { spawnSync } from 'node:child_process';
import { build } from 'esbuild';

const [name, ...args] = process.argv.slice(2);
const outfile = `dist/bench/${name}.js`;
await build({ entryPoints: [`bench/${name}.ts`], bundle: true, platform: 'node', packages: 'external', outfile, logLevel: 'warning' });
process.exit(spawnSync(process.execPath, [outfile, ...args], { stdio: 'inherit' }).status ?? 1);
