import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes files to a folder, each atomically, replacing those of the same names; none when one cannot be written.
 * Resolves to their paths.
 */
export async function writeFiles(folder: string, files: Readonly<Record<string, string | Buffer>>): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const part = await mkdtemp(join(folder, '.part-'));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(part, name), content);
    for (const name of Object.keys(files)) await rename(join(part, name), join(folder, name));
  } finally {
    await rm(part, { recursive: true, force: true });
  }
  return Object.keys(files).map((name) => join(folder, name));
}
