import { serverExamples } from '../../protocol/message-docs';
import type { TraceStep } from '../../tracing/key-frame-trace';
import type { Answers } from './answers';

const { keyframe, mask, hello } = serverExamples;
const { run, frame, status, capturedAt, score, lagFrames, lagMs, assessed, reason, ruleFrame } = keyframe;

const aRun: Answers['run'] = {
  ...{ run, stream: mask.stream ?? '', startedAt: 1795473595345.5, endedAt: null, acquisitions: 20, lesions: mask.lesions },
  keyFrame: { frame, status, score, lagFrames, lagMs, capturedAt, assessed, reason, ruleFrame },
  mask: { frame, status, capturedAt },
};

const { timing } = mask;
const step = (name: TraceStep, startedAt: number, endedAt: number, client: string | null = null) => ({ name, client, startedAt, endedAt });
const aTrace: Answers['traces'][number] = {
  ...{ traceId: timing.traceId, stream: aRun.stream, run, frame, status, seq: mask.seq, anticipated: true },
  ...{ provider: mask.provider, model: mask.model, startedAt: timing.capturedAt, otherClients: 0 },
  spans: [
    step('capture', timing.capturedAt, timing.capturedAt),
    step('acquire', timing.capturedAt, timing.capturedAt + 1.5),
    step('detect', timing.capturedAt + 1.5, timing.detectedAt),
    step('queue', timing.detectedAt, timing.detectedAt),
    step('infer', timing.inferenceStartedAt, timing.inferenceEndedAt),
    step('encode', 1795473599884, 1795473599899.5),
    step('publish', timing.detectedAt, timing.publishedAt),
    step('delivered', timing.publishedAt, timing.publishedAt + 0.25, 'client-1'),
    step('painted', timing.publishedAt + 0.25, 1795473600433.5, 'client-1'),
  ],
};

/** One answer of each kind, as it may arrive. */
export const answerExamples: Answers = {
  streams: hello.streams,
  runs: [aRun],
  run: aRun,
  frames: [{ frame, capturedAt, width: 1280, height: 1024, pixelAspect: 1, encodedWidth: 1280, encodedHeight: 1024, encoding: 'jpeg' }],
  traces: [aTrace],
  health: { ok: true },
  readiness: { ready: false, reasons: ['model: the model is loading'] },
  reloaded: { streams: { added: ['suite-3'], changed: ['suite-1'], renamed: [], removed: [] }, model: 'switched', tookMs: 3119.4 },
  problem: { error: { code: 'unknown-run', message: 'No such run, or it is too long ago' } },
};
