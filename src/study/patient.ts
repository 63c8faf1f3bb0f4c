import { firstValueFrom, map, type Observable, reduce } from 'rxjs';
import { areaAverage, toAnalysisImage } from '../acquire/pixels/area-average';
import { selectKeyFrame } from '../detect/select-key-frame';
import type { AnalysisImage } from '../frame';
import type { KeyRule } from './evaluation';
import type { Annotation } from './labelme';

/** One decoded acquisition: width × height grey values, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  /** The video's timestamp, in seconds from an arbitrary start; null or absent: it has none. */
  readonly seconds?: number | null;
}

/**
 * Opens a video by its path in the data set: its pictures in order, one per acquisition. Errors with a `SourceError`.
 */
export type OpenVideo = (video: string) => Observable<Picture>;

/** A video reduced to analysis images. */
export interface Recording {
  /** Size of the first picture; 0 without pictures. */
  readonly width: number;
  readonly height: number;
  /** How many pictures have a different size. */
  readonly otherSizes: number;
  readonly images: readonly AnalysisImage[];
  /** The timestamp of each image; null: none. */
  readonly seconds: readonly (number | null)[];
}

const NO_PICTURES: Recording = { width: 0, height: 0, otherSizes: 0, images: [], seconds: [] };

/** Reduces a video's pictures to analysis images as they come. */
export const toRecording = (pictures: Observable<Picture>): Observable<Recording> =>
  pictures.pipe(
    map(({ width, height, pixels, seconds = null }) => ({
      ...{ width, height, at: seconds },
      image: toAnalysisImage(areaAverage({ pixels, width }, { x: 0, y: 0, width, height })),
    })),
    reduce(({ images, seconds, otherSizes, ...size }: Recording, { image, at, ...own }): Recording => {
      const { width, height } = images.length === 0 ? own : size;
      const others = otherSizes + (own.width === width && own.height === height ? 0 : 1);
      return { width, height, otherSizes: others, images: [...images, image], seconds: [...seconds, at] };
    }, NO_PICTURES),
  );

/** Reads a whole video; or returns why it cannot be read. */
export async function readRecording(video: string, open: OpenVideo): Promise<Recording | Problem> {
  try {
    return await firstValueFrom(toRecording(open(video)));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'SourceError')) throw error;
    return { file: video, problem: error.message };
  }
}

/** What keeps a video from being used. `least`: how many acquisitions it needs. */
export function recordingProblems(video: string, { width, height, otherSizes, images }: Recording, least: number): readonly Problem[] {
  const problems: string[] = [];
  if (images.length < least) problems.push(`expected at least ${least} acquisitions, got ${images.length}`);
  if (otherSizes > 0) problems.push(`expected pictures of one size, got ${otherSizes} that are not ${width} × ${height}`);
  return problems.map((problem) => ({ file: video, problem }));
}

/** An unusable data set. The message is one line; `problems` has the details. */
export class DataSetError extends Error {
  override readonly name = 'DataSetError';
  readonly code = 'INVALID_DATA_SET';

  constructor(
    folder: string,
    readonly problems: readonly Problem[],
  ) {
    super(`${folder}: ${problems.length === 1 ? '1 problem' : `${problems.length} problems`}, nothing was evaluated`);
  }
}

/** Something that must be fixed before a data set can be used. */
export interface Problem {
  /** Path in the data set. */
  readonly file: string;
  readonly problem: string;
}

/** An acquisition with an expert's annotation. */
export interface AnnotatedAcquisition {
  /** Path in the data set. */
  readonly file: string;
  /** Index in the video, from 0. */
  readonly acquisition: number;
  readonly annotation: Annotation;
}

/** A patient's folder, parsed. */
export interface AnnotatedPatient {
  /** The folder's name. */
  readonly patient: string;
  /** Path in the data set; one video frame per acquisition. */
  readonly video: string;
  /** At least one, in the order of the acquisitions. */
  readonly annotated: readonly AnnotatedAcquisition[];
}

/** A patient whose key frame can be measured. */
export interface StudyPatient {
  readonly patient: string;
  readonly video: string;
  readonly keyFrame: number;
  readonly annotation: Annotation;
}

/** The networks see ten acquisitions (paper, section 2.2). */
const MIN_ACQUISITIONS = 10;

/** Matches annotations with the video; or returns all their problems. */
export function toStudyPatient(
  { patient, video, annotated }: AnnotatedPatient,
  recording: Recording,
  rule: KeyRule,
): StudyPatient | readonly Problem[] {
  const { width, height, images } = recording;
  const problems = [...recordingProblems(video, recording, MIN_ACQUISITIONS)];
  const report = (file: string, problem: string): void => void problems.push({ file, problem });
  for (const { file, acquisition, annotation } of annotated) {
    if (acquisition >= images.length) report(file, `expected an acquisition of ${video} (0 to ${images.length - 1}), got ${acquisition}`);
    if (annotation.width !== width || annotation.height !== height) {
      report(file, `expected an image of the video’s ${width} × ${height} pixels, got ${annotation.width} × ${annotation.height}`);
    }
  }
  if (problems.length > 0) return problems;
  const keyFrame = rule === 'rule' ? selectKeyFrame(images)?.index : annotated[0]?.acquisition;
  const key = annotated.find(({ acquisition }) => acquisition === keyFrame);
  if (key) return { patient, video, keyFrame: key.acquisition, annotation: key.annotation };
  const numbers = annotated.map(({ acquisition }) => acquisition).join(', ');
  return [
    {
      file: patient,
      problem: `expected an annotation of the key frame ${keyFrame}, got those of ${numbers} (--key annotated takes the first)`,
    },
  ];
}
