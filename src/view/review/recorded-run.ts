import * as z from 'zod/mini';
import { keyFrameStatus, lesion, recordedKeyFrame, type DataOf } from '../../protocol/fields';
import { lesionSummary, notAssessed } from '../state/mask-text';

const recordedRun = z.object({
  run: z.string(),
  stream: z.string(),
  startedAt: z.number(),
  acquisitions: z.number(),
  keyFrame: z.nullable(recordedKeyFrame),
  lesions: z.array(lesion),
  mask: z.nullable(z.object({ frame: z.number(), status: keyFrameStatus, capturedAt: z.number() })),
});

/** A run as the server lists it: the key frame and its findings, no other pictures. */
export type RecordedRun = DataOf<typeof recordedRun>;

/** Parses the answer of `GET /api/v1/runs`, newest first. Throws where it is malformed. */
export function recordedRuns(answer: unknown): readonly RecordedRun[] {
  return z.array(recordedRun).parse(answer);
}

/** The address of its picture, with the mask where there is one. */
export function pictureAddress({ run, mask }: RecordedRun): string {
  return `api/v1/runs/${encodeURIComponent(run)}/${mask ? 'overlay.png' : 'keyframe.png?square=1'}`;
}

/** The findings, as far as the server keeps them. */
export function recordedSummary({ mask, lesions, keyFrame }: RecordedRun): string {
  if (mask) return lesionSummary(lesions, mask.frame);
  return (keyFrame && notAssessed({ keyframes: [keyFrame] })) ?? 'no mask';
}

/** Changes whenever that picture may change. */
export function pictureVersion({ run, mask, keyFrame }: RecordedRun): string {
  const shown = mask ?? keyFrame;
  return `${run} ${shown?.frame} ${shown?.status} ${mask !== null}`;
}
