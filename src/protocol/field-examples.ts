import type { KeyFrameFacts, MaskMessage, StabilityFacts } from './messages';

/** What examples of messages and answers are made of: one moment of one stream. */

export const at = 1795473600412.25;
export const ofSuite = { seq: 218, stream: 'suite-1', at };
export const ofNoStream = { seq: 0 as const, stream: null, at };

export const run = 'k3v9-2';
/** When its first acquisition was captured. */
export const startedAt = 1795473595345.5;
/** The latest acquisition, whose picture decided. */
export const latest = { run, frame: 19, capturedAt: 1795473600412 };

export const imageArea = { x: 280, y: 24, width: 976, height: 976 };
export const picture = { width: 1280, height: 1024, pixelAspect: 1 };
export const model = { name: 'dsa-ltdnet', version: '0.3.0', sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' };

/** The key frame, and which image its mask belongs to. */
export const masked = { run, frame: 17, status: 'stabilised', capturedAt: 1795473599878.5 } as const;
export const keyFrame: KeyFrameFacts = {
  ...masked,
  score: 1.31,
  lagFrames: 2,
  lagMs: 533.5,
  assessed: true,
  reason: null,
  ruleFrame: null,
};
export const stability: StabilityFacts = {
  ...{ run, frame: 19, difference: 1.27, score: 1.31, scoredFrame: 18, opacification: 11.8, candidate: 17 },
};

export const row = {
  ...{ id: 'suite-1', name: 'Suite 1', state: 'live' as const, reason: '', ...picture, imageArea, imageAreaSettled: true },
  ...{ planes: [imageArea], imageAreaHint: null, run, acquisitionRateHz: 3.75, captureRateHz: 30, provider: 'cpu', model },
  ...{ frames: { captured: 412, unique: 51, repeated: 359, dropped: { late: 2 } }, lastFailure: null },
};

export const lesion: MaskMessage['lesions'][number] = {
  ...{ areaPx: 5320.5, areaMm2: 478.8, longestDiameterPx: 93.4, longestDiameterMm: 28, centroid: [651.2, 402.7], confidence: 0.87 },
  ...{ boundingBox: [607.5, 356.1, 88.9, 91.2], contour: [[607.5, 400], [655, 356.1], [696.4, 404.2], [650.1, 447.3]] }, // prettier-ignore
};
export const liver: MaskMessage['liver'] = { areaPx: 210400, contours: [[[400, 260], [1010, 300], [840, 720]]] }; // prettier-ignore
export const timing: MaskMessage['timing'] = {
  ...{ capturedAt: latest.capturedAt, acquiredAt: 1795473599880.25, detectedAt: 1795473600414.5, inferenceStartedAt: 1795473600147 },
  ...{ inferenceEndedAt: 1795473600226.5, publishedAt: 1795473600417.75, anticipated: true, traceId: '5f1c0e6b9d7a4c3e8b2f6a1d0c9e7b35' },
};
