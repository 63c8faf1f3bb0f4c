import * as z from 'zod/mini';
import { fieldDocs } from '../../protocol/field-docs';
import {
  count,
  keptPicture,
  keyFrameTrace,
  lesion,
  recordedKeyFrame,
  recordedMask,
  text,
  time,
  traceSpan,
  type DataOf,
} from '../../protocol/fields';
import { schemaDoc } from '../../protocol/schema-docs';

const run = z.object({
  run: text,
  stream: text,
  startedAt: time,
  endedAt: z.nullable(time),
  acquisitions: count,
  keyFrame: z.nullable(recordedKeyFrame),
  lesions: z.array(lesion),
  mask: z.nullable(recordedMask),
});
const health = z.object({ ok: z.literal(true) });
const readiness = z.object({ ready: z.boolean(), reasons: z.array(text) });
const complaint = z.object({ code: text, message: text });
const problem = z.object({ error: complaint });

const ids = z.array(text);
const streamChanges = z.object({ added: ids, changed: ids, renamed: ids, removed: ids });
const reloaded = z.object({ streams: streamChanges, model: z.enum(['same', 'switched']), tookMs: z.number() });

/** The JSON bodies of the HTTP interface, by their names in /openapi.json. */
export interface Answers {
  readonly streams: readonly DataOf<(typeof fieldDocs.Stream)['schema']>[];
  readonly runs: readonly DataOf<typeof run>[];
  readonly run: DataOf<typeof run>;
  readonly frames: readonly DataOf<typeof keptPicture>[];
  readonly traces: readonly DataOf<typeof keyFrameTrace>[];
  readonly health: DataOf<typeof health>;
  readonly readiness: DataOf<typeof readiness>;
  readonly problem: DataOf<typeof problem>;
  readonly reloaded: DataOf<typeof reloaded>;
}

const { Rect, Model, Frames, LastFailure, Stream, Lesion, KeyFrameFacts, Timing } = fieldDocs;
const { run: runId, ...keyFrame } = KeyFrameFacts.fields;
const { frame, status, capturedAt } = keyFrame;
const { anticipated, traceId } = Timing.fields;

/** What they mean. */
export const answerDocs = {
  ...{ Rect, Model, Frames, LastFailure, Stream, Lesion },
  KeyFrame: schemaDoc(recordedKeyFrame, 'The latest key frame of a run', keyFrame),
  RunMask: schemaDoc(recordedMask, 'The image the latest mask of a run belongs to', { frame, status, capturedAt }),
  Run: schemaDoc(run, 'A run, kept while it is one of the latest', {
    run: 'Its id: unique for the life of the server and across streams',
    stream: 'The id of the stream',
    startedAt: 'When its first acquisition was captured',
    endedAt: 'When it ended; null while it goes on',
    acquisitions: 'Its acquisitions so far',
    keyFrame: 'Its latest key frame; null while there is none',
    lesions: 'Those of the latest mask, the largest first; empty when it shows none or there is no mask yet',
    mask: 'The image the latest mask, and so lesions, belongs to; null while there is none',
  }),
  KeptPicture: schemaDoc(keptPicture, 'A picture of a run that the server still has', {
    frame,
    capturedAt,
    width: 'Pixels across of the captured picture, in which masks are placed',
    height: 'Pixels down of the captured picture',
    pixelAspect: 'Width of a captured pixel over its height',
    encodedWidth: 'Pixels across as it is kept: the widest that a screen was sent',
    encodedHeight: 'Pixels down as it is kept',
    encoding: 'How it is written',
  }),
  TraceSpan: schemaDoc(traceSpan, 'One step of the way of a mask', {
    name:
      'capture: of the frame that decided, from the glass until it had arrived, as far as captureLatencyMs of its source tells; acquire: until it was known to show a new acquisition (not there where the end of the run decided); ' +
      'detect: until the key frame was declared; queue: until the networks began; infer: until they had ended; encode: the picture of the key frame, ' +
      'where it was encoded for screens; publish: until the mask was handed to the screens; delivered: until it had left for one of them; ' +
      'painted: until that one had it on the glass',
    client: 'Which screen, by a number that tells nothing else of it; null for the steps of the server',
    startedAt: 'When it began',
    endedAt: 'When it ended',
  }),
  KeyFrameTrace: schemaDoc(keyFrameTrace, 'Where the time of one mask went', {
    traceId,
    stream: 'The id of the stream',
    run: runId,
    ...{ frame, status },
    seq: 'The number of the message of the mask',
    anticipated,
    provider: 'The execution provider that computed it',
    model: 'The model that saw it',
    startedAt: 'Capture of the frame that made the decision possible: delays count from here. What was anticipated lies before',
    spans: 'Its steps in order; the steps of screens last, added as the screens tell of them',
    otherClients: 'Screens it was delivered to beyond those in spans',
  }),
  Health: schemaDoc(health, 'The process works', { ok: 'Always true' }),
  Readiness: schemaDoc(readiness, 'Whether masks can be made', {
    ready: 'Whether the model is warm and nothing has failed',
    reasons: 'Why not; empty when ready',
  }),
  Complaint: schemaDoc(complaint, 'What was wrong', { code: 'For programs, as unknown-run', message: 'For people' }),
  StreamChanges: schemaDoc(streamChanges, 'What became of the streams, by id; those that are not named noticed nothing', {
    added: 'There are now',
    changed: 'Given another source, image area or the like: opened anew',
    renamed: 'Have another name on screens',
    removed: 'There are no longer',
  }),
  Reloaded: schemaDoc(reloaded, 'What reading the configuration anew has changed', {
    streams: 'What became of the streams',
    model: 'switched: runs that begin from now on get another model; same: they do not',
    tookMs: 'Milliseconds from reading the file until all was done',
  }),
  Problem: schemaDoc(problem, 'The answer to a request that could not be granted', { error: 'What was wrong' }),
};
