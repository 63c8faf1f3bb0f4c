/** Bundles one file of bench/ and runs it: `node scripts/bench.mjs key-frames [arguments]`; `--build` only bundles. */
import { spawnSync } from 'node:child_process';
import { build } from 'esbuild';

const args = process.argv.slice(2);
const onlyBuild = args[0] === '--build';
if (onlyBuild) args.shift();
const [name, ...rest] = args;
const outfile = `dist/bench/${name}.js`;
await build({ entryPoints: [`bench/${name}.ts`], bundle: true, platform: 'node', packages: 'external', outfile, logLevel: 'warning' });
if (!onlyBuild) process.exit(spawnSync(process.execPath, [outfile, ...rest], { stdio: 'inherit' }).status ?? 1);
