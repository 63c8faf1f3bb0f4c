import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeLine } from '../core/log-text';
import { namesIn, videosOf } from './data-set.node';
import type { MarkedRecording } from './marked-recording';
import { type Marks, MARKS_FILE, parseMarks } from './marks';
import type { Problem } from './patient';

/** The recordings of a folder with their marks, and all problems. */
export interface MarkedRecordings {
  readonly recordings: readonly MarkedRecording[];
  readonly problems: readonly Problem[];
}

/**
 * Reads a folder of recordings and their marks (docs/evaluation.md) without decoding videos. A recording is a video, or
 * a folder with one in it. Rejects when the folder cannot be read.
 */
export async function readMarkedRecordings(folder: string): Promise<MarkedRecordings> {
  const problems: Problem[] = [];
  const videos = await videosIn(folder, problems);
  const marks = await readMarks(folder);
  if (typeof marks === 'string') return { recordings: [], problems: [...problems, { file: MARKS_FILE, problem: marks }] };
  for (const problem of marks.problems) problems.push({ file: MARKS_FILE, problem });
  for (const recording of marks.recordings) {
    if (!videos.has(recording)) problems.push({ file: MARKS_FILE, problem: `no recording ${escapeLine(recording)} in the folder` });
  }
  const recordings: MarkedRecording[] = [];
  for (const [recording, video] of videos) {
    const own = marks.marks.filter((mark) => mark.recording === recording);
    if (video !== null && own.length > 0) recordings.push({ recording, video, marks: own });
    const headerIsBad = marks.recordings.size === 0;
    if (!marks.recordings.has(recording) && !headerIsBad) problems.push({ file: recording, problem: 'expected a mark, got none' });
  }
  return { recordings, problems };
}

/** The video of each recording; null where there are several, which is a problem. */
async function videosIn(folder: string, problems: Problem[]): Promise<ReadonlyMap<string, string | null>> {
  const videos = new Map<string, string | null>();
  const names = await namesIn(folder);
  for (const name of names) {
    if ((await stat(join(folder, name))).isDirectory()) {
      const inside = videosOf(await namesIn(join(folder, name)));
      if (inside.length > 1) problems.push({ file: name, problem: `expected one video (run.mkv), got ${inside.join(', ')}` });
      if (inside.length > 0) videos.set(name, inside.length === 1 ? join(name, inside[0] as string) : null);
    } else if (videosOf([name]).length > 0) videos.set(name, name);
  }
  return videos;
}

/** The marks, or why they cannot be read. */
async function readMarks(folder: string): Promise<Marks | string> {
  try {
    return parseMarks(await readFile(join(folder, MARKS_FILE), 'utf8'));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is missing' : 'cannot be read';
  }
}
