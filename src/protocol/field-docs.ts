import * as part from './fields';
import { schemaDoc } from './schema-docs';

const run = 'The id of the run: unique for the life of the server and across streams';
const frame = 'The index of the acquisition within the run, from 0';
const capturedAt =
  'When that picture was captured: its arrival less `captureLatencyMs` (docs/sources.md#from-the-glass). It names the picture';
const status =
  '`stabilised`: the evidence suffices while the run goes on; `improved`: a better frame turned up; ' +
  '`final`: the rule of the paper over the whole run';
const pixelAspect = 'Width of a captured pixel over its height: 1 where pixels are square; null until a picture arrived';

/** What the parts of messages and answers mean, in Markdown: for /asyncapi.json, /openapi.json and docs/protocol.md. */
export const fieldDocs = {
  Rect: schemaDoc(part.rect, 'A part of the captured picture, in its pixels', {
    x: 'Left edge',
    y: 'Upper edge',
    width: 'Pixels across',
    height: 'Pixels down',
  }),
  Model: schemaDoc(part.model, 'Names one exact model', { name: 'Its name', version: 'Its version', sha256: 'The hash of its weights' }),
  Frames: schemaDoc(part.ledger, 'What became of the captured frames; `unique`, `repeated` and `dropped` add up to `captured`', {
    captured: 'Frames that arrived',
    unique: 'Those that showed a new acquisition',
    repeated: 'Those that showed one again',
    dropped: 'The rest, counted by reason',
  }),
  LastFailure: schemaDoc(part.lastFailure, 'An inference that failed; its frame gets no mask', {
    run,
    frame,
    reason:
      '`crashed`: the worker died of it twice, or there was none; `timed-out`: it took too long twice; `rejected`: the stack does not fit the model',
    message: 'What went wrong, for people',
    at: 'When',
    count: 'Inferences of this stream that have failed by then',
  }),
  Stream: schemaDoc(part.streamRow, 'A stream and what is known of it now', {
    id: 'Its id, used in queries and messages',
    name: 'Its name for people',
    state:
      '`connecting`: nothing has arrived yet; `live`: new acquisitions arrive; `held`: pictures arrive, the image stands still; ' +
      '`frozen`: connected, but nothing moves, no picture comes whole, or they come late; `lost`: the connection is gone; ' +
      '`ended`: a recording is over or cannot be read, or the stream was removed',
    reason:
      'Why it is in this state. For programs: `no such device` (no card or screen of that name), `refused` (nobody listens, no route, in use, or an error of the server), ' +
      '`unauthorised` (user, password or permission) or `not found` (no such host, path or file) when `lost` or `ended`; ' +
      '`pictures arrive late` when `frozen`: by more than a second; `replay` when `held`: the monitor shows earlier images once more; ' +
      '`overloaded` when `live`, `held` or `frozen`: the machine cannot look at every picture, and masks may come later. Any other text is for people; may be empty',
    detail: 'What happened, for people, without credentials; only beside the first four of these reasons',
    replayedRun:
      'The id of the run that the monitor shows once more, while the reason is `replay` and the run is known; its key frames and masks are those it had (`GET /api/v1/runs`)',
    width: 'Width of the captured picture in pixels; null until one arrived',
    height: 'Height of the captured picture in pixels; null until one arrived',
    pixelAspect,
    imageArea: 'Where the X-ray image lies in the captured picture; null until one arrived',
    imageAreaSettled:
      'Whether the image area is given, or several exposures agree on it. A run begins once it is known; null until a picture arrived',
    planes:
      'Where X-ray images were found, the larger first: two of a biplane system; empty where the image area is given, unless nothing moves in it while they do',
    imageAreaHint:
      'What somebody should know or decide about the image area, for people (docs/sources.md#the-image-area); null: nothing. Older servers do not send it',
    acquisitionRateHz: 'Unique acquisitions a second; null while unknown',
    captureRateHz: 'Captured frames a second; null while unknown',
    provider: 'The execution provider that computes: `cpu`, `webgpu`, `cuda`, …; null while no model is loaded',
    model: 'The model in use; null while none is loaded',
    run: 'The id of the latest run; null before the first',
    frames: 'What became of the captured frames',
    lastFailure: 'The latest inference that failed; null: none did',
  }),
  Lesion: schemaDoc(part.lesion, 'One connected tumour region, measured in pixels of the captured picture', {
    areaPx: 'Area in pixels',
    areaMm2: 'Area in mm²; null where `pixelSpacingMm` is',
    longestDiameterPx: 'Longest diameter, in heights of a captured pixel',
    longestDiameterMm: 'Longest diameter in mm; null where `pixelSpacingMm` is',
    centroid: 'x, y of its centre of mass',
    boundingBox: 'x, y, width, height',
    contour: 'Closed outer outline as points x, y; the first is not repeated',
    confidence: 'Mean tumour probability inside, 0…1',
  }),
  Liver: schemaDoc(part.liver, 'Where the liver is seen', {
    areaPx: 'Area in pixels of the captured picture',
    contours: 'Its outlines, each like `contour` of a lesion',
  }),
  Timing: schemaDoc(part.timing, 'The way of a mask in time', {
    capturedAt:
      'Capture of the frame that made the decision possible: delays count from here. The mask’s own `capturedAt` is that of its image',
    acquiredAt: 'When the key frame itself was known to show a new acquisition; before `capturedAt` where later frames decided',
    detectedAt: 'When the key frame was declared',
    inferenceStartedAt: 'When the networks began; before `detectedAt` where they worked ahead',
    inferenceEndedAt: 'When the networks had ended',
    publishedAt: 'When the mask was handed to the screens',
    anticipated: 'Whether the inference began before the key frame was declared',
    traceId: 'Names the trace of this mask, 32 hex digits (docs/tracing.md)',
  }),
  StabilityFacts: schemaDoc(part.stabilityFacts, 'How still the image is', {
    run,
    frame,
    difference: 'To the acquisition before, in mean grey levels per pixel at 256×256; 0 for the first of a run',
    score: 'The score of `scoredFrame`, which this acquisition completes; null until there are three',
    scoredFrame: 'The acquisition that `score` belongs to; null until there are three',
    opacification: 'Mean darkening by contrast agent against the first images of the run, in the same unit',
    candidate: 'The acquisition that would be the key frame if the image were stable now; null while there is none',
  }),
  KeyFrameFacts: schemaDoc(part.keyFrameFacts, 'A declared key frame', {
    run,
    frame,
    status,
    score: 'The mean difference to its two neighbours, in grey levels per pixel at 256×256; the least of the last 15',
    lagFrames: 'Acquisitions from the key frame to the one that decided',
    lagMs: 'Milliseconds from the capture of the key frame to that of the one that decided',
    capturedAt,
    assessed:
      'Whether a mask is made of it; false: the `final` key frame of a run that showed no contrast agent: nothing is known of tumours',
    reason: 'Why it is not assessed, for people; null: it is',
    ruleFrame:
      'Of a `final` key frame: the frame that the rule of the paper chooses to the letter, where that is another one. ' +
      'The rule presumes that the last 15 images show contrast; `final` is its choice among those that do',
  }),
  ValidMask: schemaDoc(part.validMask, 'The mask that is valid now', { run, frame, status, capturedAt, seq: 'The number of its message' }),
  LatestPicture: schemaDoc(part.latestPicture, 'The latest picture', {
    run: 'The id of its run; null: it belongs to none',
    frame: 'Its index within the run; null: it belongs to none',
    capturedAt,
  }),
};
