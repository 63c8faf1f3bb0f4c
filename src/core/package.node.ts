import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of package.json. This file is bundled into others, which lie anywhere in dist. */
export const packageFolder = folderOf('package.json', __dirname);

/** A built file by its path in `dist`. Threads and processes start from it even where the sources run, as in tests. */
export const builtFile = (path: string): string => join(packageFolder, 'dist', path);

/** The version in package.json. */
export const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { readonly version: string };

function folderOf(file: string, folder: string): string {
  return existsSync(join(folder, file)) || folder === dirname(folder) ? folder : folderOf(file, dirname(folder));
}
