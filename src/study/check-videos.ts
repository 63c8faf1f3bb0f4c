import { firstValueFrom } from 'rxjs';
import type { KeyRule } from './evaluation';
import { type AnnotatedPatient, type Problem, type StudyPatient, toStudyPatient } from './patient';
import { type OpenVideo, toRecording } from './recording';

export interface Checked {
  readonly patients: readonly StudyPatient[];
  readonly problems: readonly Problem[];
}

/** Decodes the video of each patient, one after the other, and says whose key frame can be measured, and what keeps it from the others. */
export async function checkVideos(
  annotated: readonly AnnotatedPatient[],
  open: OpenVideo,
  rule: KeyRule,
  onChecked: (done: number) => void,
): Promise<Checked> {
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
  try {
    return toStudyPatient(patient, await firstValueFrom(toRecording(open(patient.video))), rule);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'SourceError')) throw error;
    return [{ file: patient.video, problem: error.message }];
  }
}
