import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of package.json: two levels above this file, both in src and in dist. */
export const packageFolder = join(__dirname, '..', '..');

/** A built file by its path in `dist`. Threads and processes start from it even where the sources run, as in tests. */
export const builtFile = (path: string): string => join(packageFolder, 'dist', path);

/** The version in package.json. */
export const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { readonly version: string };
