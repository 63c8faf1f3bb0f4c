import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder that package.json stands in: two above the sources, and above what was built from them. */
export const packageFolder = join(__dirname, '..', '..');

/** A file as it was built, by its path from `dist`. Threads and processes begin with it also where the sources run, as in tests. */
export const builtFile = (path: string): string => join(packageFolder, 'dist', path);

/** The version in package.json. */
export const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { readonly version: string };
