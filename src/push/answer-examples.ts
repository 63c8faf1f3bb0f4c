import type { Answers } from './http-answers';
import { serverExamples } from './message-examples';

const { keyframe, mask, hello } = serverExamples;
const { run, frame, status, capturedAt, score, lagFrames, lagMs } = keyframe;

const aRun: Answers['run'] = {
  ...{ run, stream: mask.stream ?? '', startedAt: 1795473595345.5, endedAt: null, acquisitions: 20, lesions: mask.lesions },
  keyFrame: { frame, status, score, lagFrames, lagMs, capturedAt },
  mask: { frame, status, capturedAt },
};

/** One answer of each kind, as it may arrive. */
export const answerExamples: Answers = {
  streams: hello.streams,
  runs: [aRun],
  run: aRun,
  health: { ok: true },
  readiness: { ready: false, reasons: ['model: the model is loading'] },
  reloaded: { streams: { added: ['suite-3'], changed: ['suite-1'], renamed: [], removed: [] }, model: 'switched', tookMs: 3119.4 },
  problem: { error: { code: 'unknown-run', message: 'No such run, or it is too long ago' } },
};
