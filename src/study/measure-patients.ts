import { elementAt, firstValueFrom, take } from 'rxjs';
import type { Segmentation, Segmenter } from '../infer/segmenter';
import type { TemporalStack } from '../runs/temporal-stack';
import { stackAt } from '../runs/temporal-stack';
import { type Case, toCase } from './case';
import type { KeyRule } from './evaluation';
import {
  type AnnotatedPatient,
  type OpenVideo,
  type Picture,
  type Problem,
  readRecording,
  type StudyPatient,
  toRecording,
  toStudyPatient,
} from './patient';

export interface CheckedPatients {
  readonly patients: readonly StudyPatient[];
  readonly problems: readonly Problem[];
}

/**
 * Decodes each patient's video in turn; returns the patients whose key frame can be measured, and the others'
 * problems.
 */
export async function checkVideos(
  annotated: readonly AnnotatedPatient[],
  open: OpenVideo,
  rule: KeyRule,
  onChecked: (done: number) => void,
): Promise<CheckedPatients> {
  const patients: StudyPatient[] = [];
  const problems: Problem[] = [];
  for (const [n, patient] of annotated.entries()) {
    const checked = await studyPatient(patient, open, rule);
    if ('keyFrame' in checked) patients.push(checked);
    else problems.push(...checked);
    onChecked(n + 1);
  }
  return { patients, problems };
}

async function studyPatient(patient: AnnotatedPatient, open: OpenVideo, rule: KeyRule): Promise<StudyPatient | readonly Problem[]> {
  const read = await readRecording(patient.video, open);
  return 'images' in read ? toStudyPatient(patient, read, rule) : [read];
}

/** Segments and measures each patient's key frame, while the next patient is decoded. */
export async function measurePatients(
  patients: readonly StudyPatient[],
  open: OpenVideo,
  segmenter: Segmenter,
  onMeasured: (done: number) => void,
): Promise<readonly Case[]> {
  const cases: Case[] = [];
  let next = patients[0] && keyFrameStack(patients[0], open, segmenter);
  for (const [n, patient] of patients.entries()) {
    const stack = (await next) as TemporalStack;
    const following = patients[n + 1];
    next = following && keyFrameStack(following, open, segmenter);
    // Its error is thrown when its turn comes, or never, if this patient fails first.
    next?.catch(() => undefined);
    cases.push(toCase(patient, await segment(patient, stack, segmenter), segmenter.thresholds, patient.annotation));
    onMeasured(cases.length);
  }
  return cases;
}

/** A patient's key frame and its segmentation. */
export async function segmentKeyFrame(
  patient: StudyPatient,
  open: OpenVideo,
  segmenter: Segmenter,
): Promise<{ readonly picture: Picture; readonly segmentation: Segmentation }> {
  const picture = await firstValueFrom(open(patient.video).pipe(elementAt(patient.keyFrame)));
  return { picture, segmentation: await segment(patient, await keyFrameStack(patient, open, segmenter), segmenter) };
}

/** The acquisitions up to the key frame, padded as in the live pipeline. */
async function keyFrameStack({ video, keyFrame }: StudyPatient, open: OpenVideo, { offsets }: Segmenter): Promise<TemporalStack> {
  const { images } = await firstValueFrom(toRecording(open(video).pipe(take(keyFrame + 1))));
  if (images.length <= keyFrame) throw new Error(`${video}: it has fewer pictures than when it was checked`);
  return stackAt(images, keyFrame, offsets);
}

async function segment({ patient }: StudyPatient, stack: TemporalStack, segmenter: Segmenter): Promise<Segmentation> {
  try {
    return await firstValueFrom(segmenter.segment(stack));
  } catch (cause) {
    throw new Error(`${patient}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
