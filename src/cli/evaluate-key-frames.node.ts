import { join } from 'node:path';
import { findFfmpeg } from '../acquire/ffmpeg/binary.node';
import { recordedImages } from '../acquire/recorded-images.node';
import { clock } from '../core/clock.node';
import { type KeyFrameStudy, toKeyFrameStudy } from '../study/key-frame-study';
import { distancesCsv } from '../study/key-frame-text';
import { compareKeyFrames, type KeyFrameCase } from '../study/marked-recording';
import { readMarkedRecordings } from '../study/marked-recordings.node';
import { DataSetError } from '../study/patient';
import { writeFiles } from '../study/write-files.node';
import { checkFolders } from './evaluate.node';

export interface KeyFrameRequest {
  /** The folder of the recordings and their marks. */
  readonly data: string;
  /** Folder for keyframes.json and distances.csv; without it, none is written. */
  readonly out?: string;
  readonly onProgress: (doing: 'compared', done: number, of: number, what: 'recordings') => void;
}

/**
 * Compares the key frames of recordings, by the paper's rule and live, with those that people marked
 * (docs/evaluation.md). No model is loaded. Rejects with a `ConfigError` for unusable folders, and with a
 * `DataSetError` that lists all problems of the recordings and marks.
 */
export async function evaluateKeyFrames(request: KeyFrameRequest): Promise<KeyFrameStudy> {
  await checkFolders(request);
  const { data, out, onProgress } = request;
  const ffmpeg = await findFfmpeg();
  const { recordings, problems } = await readMarkedRecordings(data);
  const all = [...problems];
  const cases: KeyFrameCase[] = [];
  for (const [n, recording] of recordings.entries()) {
    const compared = await compareKeyFrames(recording, (video) => recordedImages(join(data, video), ffmpeg, clock));
    if ('keyFrames' in compared) cases.push(compared);
    else all.push(...compared);
    onProgress('compared', n + 1, recordings.length, 'recordings');
  }
  if (all.length > 0) throw new DataSetError(data, all);
  const study = toKeyFrameStudy(cases);
  if (out !== undefined) {
    await writeFiles(out, { 'keyframes.json': `${JSON.stringify(study, null, 2)}\n`, 'distances.csv': distancesCsv(study) });
  }
  return study;
}
