import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { builtCamera } from './camera';
import { feedFolder, makeFeeds } from './feeds';
import { rowFolder } from './table';

/** Before the suite: recordings to spoil, and the camera in JavaScript, which runs in processes of its own. */
export default async function prepare(): Promise<void> {
  rmSync(rowFolder, { recursive: true, force: true });
  for (const folder of [rowFolder, feedFolder]) mkdirSync(folder, { recursive: true });
  const entryPoints = [path.join(__dirname, 'camera-process.ts')];
  await build({ entryPoints, bundle: true, platform: 'node', outfile: builtCamera, logLevel: 'warning' });
  await makeFeeds();
}
