import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import sharp from 'sharp';
import { type AnnotatedImage, parseLabelme } from './labelme';
import type { AnnotatedAcquisition, AnnotatedPatient, Problem } from './patient';

/** The usable patients of a data set, and all its problems. */
export interface DataSet {
  readonly patients: readonly AnnotatedPatient[];
  readonly problems: readonly Problem[];
}

const VIDEOS = ['.mkv', '.mp4', '.avi', '.mov'];

/**
 * Reads a folder of patient folders (docs/evaluation.md) without decoding videos. Rejects when the folder cannot be
 * read.
 */
export async function readDataSet(folder: string): Promise<DataSet> {
  const problems: Problem[] = [];
  const patients: AnnotatedPatient[] = [];
  for (const patient of await namesIn(folder)) {
    if (!(await stat(join(folder, patient))).isDirectory()) continue;
    const read = await readPatient(folder, patient, problems);
    if (read) patients.push(read);
  }
  if (patients.length === 0 && problems.length === 0) problems.push({ file: folder, problem: 'expected a folder per patient, got none' });
  return { patients, problems };
}

/** Null when the patient cannot be used; the reasons are added to `problems`. */
async function readPatient(folder: string, patient: string, problems: Problem[]): Promise<AnnotatedPatient | null> {
  const names = await namesIn(join(folder, patient));
  const found: Problem[] = [];
  const video = videosOf(names);
  if (video.length !== 1) found.push({ file: patient, problem: `expected one video (run.mkv), got ${video.join(', ') || 'none'}` });
  const annotated: AnnotatedAcquisition[] = [];
  for (const name of names.filter((one) => one.endsWith('.json') && one !== 'truth.json')) {
    const file = join(patient, name);
    const read = await readAnnotation(folder, file);
    if ('annotation' in read) annotated.push(read);
    else found.push(...read.map((problem) => ({ file, problem })));
  }
  if (annotated.length === 0 && found.length === 0) {
    found.push({ file: patient, problem: 'expected Labelme annotations (acquisition-NN.json), got none' });
  }
  annotated.sort((a, b) => a.acquisition - b.acquisition);
  annotated.forEach(({ file, acquisition }, i) => {
    if (annotated[i - 1]?.acquisition === acquisition) found.push({ file, problem: `a second annotation of acquisition ${acquisition}` });
  });
  problems.push(...found);
  return found.length === 0 ? { patient, video: join(patient, video[0] as string), annotated } : null;
}

/** run.mkv if there is one, otherwise all videos. */
export function videosOf(names: readonly string[]): readonly string[] {
  if (names.includes('run.mkv')) return ['run.mkv'];
  return names.filter((name) => VIDEOS.includes(extname(name).toLowerCase()));
}

async function readAnnotation(folder: string, file: string): Promise<AnnotatedAcquisition | readonly string[]> {
  const acquisition = /\d+(?=\D*$)/.exec(basename(file, '.json'))?.[0];
  if (acquisition === undefined) return ['expected an acquisition number in its name'];
  const parsed = parseLabelme(await readFile(join(folder, file), 'utf8'));
  if (parsed.kind === 'problems') return parsed.problems;
  const { annotation, image } = parsed;
  const size = await imageSize(join(folder, dirname(file)), image);
  if (typeof size === 'string') return [size];
  if (size.width !== annotation.width || size.height !== annotation.height) {
    return [`expected its image to have ${annotation.width} × ${annotation.height} pixels, got ${size.width} × ${size.height}`];
  }
  return { file, acquisition: Number(acquisition), annotation };
}

/** The size of the annotated image, or why it cannot be read. */
async function imageSize(folder: string, image: AnnotatedImage): Promise<{ readonly width: number; readonly height: number } | string> {
  const name = image.kind === 'inside' ? 'the image inside' : `its image ${image.path}`;
  try {
    const bytes = image.kind === 'inside' ? Buffer.from(image.base64, 'base64') : await readFile(join(folder, image.path));
    return await sharp(bytes).metadata();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? `${name} is missing` : `${name} cannot be read`;
  }
}

/** Sorted, without hidden files. */
export const namesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
