import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEntry } from '../measure/run-history';
import { runPicture, runPictures } from './run-picture.node';

/**
 * Writes a run into `<folder>/<run>`: run.json as the API gives it, and keyframe.png, mask.png and overlay.png where it has them. A folder of that name is
 * replaced; nothing is left half written.
 */
export async function writeRunFolder(folder: string, entry: RunEntry): Promise<string> {
  await mkdir(folder, { recursive: true });
  const part = await mkdtemp(join(folder, '.part-'));
  try {
    await writeFile(join(part, 'run.json'), `${JSON.stringify(entry.record, null, 2)}\n`);
    for (const which of runPictures) {
      const picture = await runPicture(entry, which);
      if (picture) await writeFile(join(part, `${which}.png`), picture);
    }
    const target = join(folder, entry.record.run);
    await rm(target, { recursive: true, force: true });
    await rename(part, target);
    return target;
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
}
