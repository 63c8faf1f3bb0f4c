import type { ClientMessage } from './client-message';
import type { Envelope, ServerMessage } from './messages';

const ofSuite = { seq: 218, stream: 'suite-1', at: 1795473600412.25 };
const ofNoStream = { seq: 0, stream: null, at: 1795473600412.25 };
const imageArea = { x: 280, y: 24, width: 976, height: 976 };
const model = { name: 'dsa-ltdnet', version: '0.3.0', sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' };
const keyFrame = {
  run: 'k3v9-2',
  frame: 17,
  status: 'stabilised',
  score: 1.31,
  lagFrames: 2,
  lagMs: 533.5,
  capturedAt: 1795473599878.5,
  assessed: true,
  reason: null,
  ruleFrame: null,
} as const;
const stability = { run: 'k3v9-2', frame: 19, difference: 1.27, score: 1.31, scoredFrame: 18, opacification: 11.8, candidate: 17 };

const row = {
  ...{
    id: 'suite-1',
    name: 'Suite 1',
    state: 'live' as const,
    reason: '',
    width: 1280,
    height: 1024,
    pixelAspect: 1,
    imageArea,
    imageAreaSettled: true,
    planes: [imageArea],
    imageAreaHint: null,
    run: 'k3v9-2',
  },
  ...{ acquisitionRateHz: 3.75, captureRateHz: 30, provider: 'cpu', model },
  frames: { captured: 412, unique: 51, repeated: 359, dropped: { late: 2 } },
  lastFailure: null,
};

/** One message of each kind, as it may arrive. */
export const serverExamples: { readonly [Type in ServerMessage['type']]: Extract<ServerMessage, { readonly type: Type }> & Envelope } = {
  hello: {
    ...{ type: 'hello', ...ofNoStream, protocol: 'angiocast.v1', server: 'angiocast/0.1.0', epoch: '0b9e6f4e-1f6c-4c62-9a53-2f4f4f5f7c11' },
    streams: [row],
  },
  streams: { type: 'streams', ...ofNoStream, streams: [row] },
  snapshot: {
    ...{
      type: 'snapshot',
      ...ofSuite,
      seq: 215,
      head: 218,
      state: 'live',
      reason: '',
      width: 1280,
      height: 1024,
      pixelAspect: 1,
      imageArea,
    },
    ...{ run: 'k3v9-2', phase: 'started', acquisitions: 20, startedAt: 1795473595345.5, keyframe: keyFrame, stability: [stability] },
    mask: { run: 'k3v9-2', frame: 17, status: 'stabilised', capturedAt: 1795473599878.5, seq: 217 },
    frame: { run: 'k3v9-2', frame: 19, capturedAt: 1795473600412 },
  },
  stream: { type: 'stream', ...ofSuite, state: 'held', reason: 'replay', replayedRun: 'k3v9-1' },
  run: { type: 'run', ...ofSuite, run: 'k3v9-2', phase: 'started', acquisitions: 2, startedAt: 1795473595345.5 },
  stability: { type: 'stability', ...ofSuite, ...stability },
  keyframe: { type: 'keyframe', ...ofSuite, ...keyFrame },
  mask: {
    ...{ type: 'mask', ...ofSuite, run: 'k3v9-2', frame: 17, status: 'stabilised', capturedAt: 1795473599878.5 },
    ...{
      width: 256,
      height: 256,
      encoding: 'rle',
      threshold: 0.5,
      imageArea,
      pixelAspect: 1,
      pixelSpacingMm: 0.3,
      spacingVoid: null,
      paddedFrames: 0,
      model,
      provider: 'cpu',
    },
    lesions: [
      {
        ...{ areaPx: 5320.5, areaMm2: 478.8, longestDiameterPx: 93.4, longestDiameterMm: 28, centroid: [651.2, 402.7], confidence: 0.87 },
        ...{ boundingBox: [607.5, 356.1, 88.9, 91.2], contour: [[607.5, 400], [655, 356.1], [696.4, 404.2], [650.1, 447.3]] }, // prettier-ignore
      },
    ],
    liver: { areaPx: 210400, contours: [[[400, 260], [1010, 300], [840, 720]]] }, // prettier-ignore
    timing: {
      ...{ capturedAt: 1795473600412, acquiredAt: 1795473599880.25, detectedAt: 1795473600414.5, inferenceStartedAt: 1795473600147 },
      ...{
        inferenceEndedAt: 1795473600226.5,
        publishedAt: 1795473600417.75,
        anticipated: true,
        traceId: '5f1c0e6b9d7a4c3e8b2f6a1d0c9e7b35',
      },
    },
  },
  invalid: { type: 'invalid', ...ofSuite, run: 'k3v9-2', frame: 17, reason: 'superseded' },
  frame: {
    ...{ type: 'frame', ...ofSuite, run: 'k3v9-2', frame: 19, capturedAt: 1795473600412, width: 1280, height: 1024 },
    ...{ encodedWidth: 960, encodedHeight: 768, pixelAspect: 1, encoding: 'jpeg', repeated: false },
  },
  loss: { type: 'loss', ...ofSuite, topic: 'frame', from: 203, to: 218, count: 9, reason: 'slow-client' },
  error: { type: 'error', ...ofNoStream, code: 'unknown-stream', message: 'No stream "suite-9"' },
  clock: { type: 'clock', ...ofNoStream, t0: 1795473600391, t1: 1795473600412, t2: 1795473600412.25 },
  alive: { type: 'alive', ...ofNoStream },
};

export const clientExamples: { readonly [Type in ClientMessage['type']]: Extract<ClientMessage, { readonly type: Type }> } = {
  subscribe: { type: 'subscribe', streams: ['suite-1'], topics: ['mask', 'keyframe', 'frame'], maxWidth: 960 },
  clock: { type: 'clock', t0: 1795473600391 },
  painted: { type: 'painted', stream: 'suite-1', seq: 218, frame: 17, paintedAt: 1795473600433.5 },
};
