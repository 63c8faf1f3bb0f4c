import * as z from 'zod/mini';
import { keyFrameStatus, lesion, recordedKeyFrame, type DataOf } from '../../protocol/fields';
import { lesionsInShort, notAssessed } from '../state/mask-text';

const recordedRun = z.object({
  run: z.string(),
  stream: z.string(),
  startedAt: z.number(),
  acquisitions: z.number(),
  keyFrame: z.nullable(recordedKeyFrame),
  lesions: z.array(lesion),
  mask: z.nullable(z.object({ frame: z.number(), status: keyFrameStatus, capturedAt: z.number() })),
});

/** A run as the server remembers it: the key frame and what was found, not the other pictures. */
export type RecordedRun = DataOf<typeof recordedRun>;

/** The runs in an answer of `GET /api/v1/runs`, newest first. Throws when it is no such answer. */
export function recordedRuns(answer: unknown): readonly RecordedRun[] {
  return z.array(recordedRun).parse(answer);
}

/** The picture that shows most of it: with its mask where there is one. */
export function pictureOf({ run, mask }: RecordedRun): string {
  return `api/v1/runs/${encodeURIComponent(run)}/${mask ? 'overlay.png' : 'keyframe.png?square=1'}`;
}

/** What was found, as far as the server kept it. */
export function recordedInShort({ mask, lesions, keyFrame }: RecordedRun): string {
  if (mask) return lesionsInShort(lesions, mask.frame);
  return (keyFrame && notAssessed({ keyframes: [keyFrame] })) ?? 'no mask';
}

/** Another text whenever that picture may be another. */
export function versionOf({ run, mask, keyFrame }: RecordedRun): string {
  const shown = mask ?? keyFrame;
  return `${run} ${shown?.frame} ${shown?.status} ${mask !== null}`;
}
