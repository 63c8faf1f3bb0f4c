/** Updates the tables of docs/protocol.md (scripts/protocol-tables.ts): `npm run docs:protocol`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { build } from 'esbuild';

const outfile = 'dist/scripts/protocol-tables.cjs';
await build({ entryPoints: ['scripts/protocol-tables.ts'], bundle: true, platform: 'node', outfile, logLevel: 'warning' });
const { withTables } = createRequire(import.meta.url)(`../${outfile}`);
const document = 'docs/protocol.md';
writeFileSync(document, withTables(readFileSync(document, 'utf8')));
