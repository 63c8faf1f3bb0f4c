import type { InvalidReason, KeyFrameStatus, GeometryEvent, PipelineEvent, StreamState } from '../../src/event';
import { ANALYSIS_SIZE, type Acquisition, type Rect } from '../../src/frame';
import type { TumourMask } from '../../src/mask/tumour-mask';
import { assessed } from '../support/assessed';

export const model = { name: 'dsa-ltdnet', version: '1.2.3', sha256: 'ab'.repeat(32) };
export const GRID = 256;

/** The pixels of a captured picture. `index` counts the pictures, `frame` is the place in the run. */
export type Paint = (width: number, height: number, area: Rect, index: number, frame: number | null) => Uint8Array;

/** A pipeline that emits what a test gives, with fixed times and pictures. */
export class Script {
  private index = 0;
  private readonly acquisitions = new Map<string, Acquisition>();

  constructor(
    readonly stream: string,
    private readonly now: () => number = Date.now,
    readonly width = 320,
    readonly height = 240,
    readonly imageArea: Rect = { x: 60, y: 20, width: 200, height: 200 },
    private readonly paint: Paint = testPicture,
    readonly pixelAspect = 1,
  ) {}

  state(state: StreamState, reason = '', detail?: string, replayedRun?: string): PipelineEvent {
    return { kind: 'stream', stream: this.stream, at: this.now(), state, reason, detail, replayedRun };
  }

  /** By default the image area is given, without hints. */
  picture(said: Partial<GeometryEvent> = {}): PipelineEvent {
    const { stream, width, height, pixelAspect, imageArea } = this;
    const shape = { width, height, pixelAspect, imageArea };
    return { kind: 'picture', stream, at: this.now(), ...shape, settled: true, planes: [], hint: null, ...said };
  }

  run(run: string, phase: 'started' | 'ended', acquisitions: number): PipelineEvent {
    return { kind: 'run', stream: this.stream, at: this.now(), run, phase, acquisitions, startedAt: this.now() };
  }

  frame(run: string | null, frame: number | null): PipelineEvent {
    return { kind: 'frame', stream: this.stream, at: this.now(), run, frame, acquisition: this.acquisition(run, frame) };
  }

  stability(run: string, frame: number): PipelineEvent {
    const score = frame > 1 ? 2 + Math.sin(frame) : null;
    const scoredFrame = frame > 1 ? frame - 1 : null;
    const opacification = Math.min(1, frame / 10) * 14;
    return {
      kind: 'stability',
      stream: this.stream,
      at: this.now(),
      run,
      frame,
      difference: 2.5,
      score,
      scoredFrame,
      opacification,
      candidate: scoredFrame,
    };
  }

  keyFrame(run: string, frame: number, status: KeyFrameStatus): PipelineEvent {
    const acquisition = { ...this.acquisition(run, frame), run, number: frame, stack: { images: [], paddedFrames: 0 } };
    const { capturedAt } = acquisition.frame;
    const decidedBy = this.now();
    const facts = { run, frame, status, score: 1.25, lagFrames: 2, lagMs: decidedBy - capturedAt, capturedAt, decidedBy, acquisition };
    return { kind: 'keyframe', stream: this.stream, at: this.now(), ...facts, ...assessed };
  }

  mask(run: string, frame: number, status: KeyFrameStatus, mask = squareMask(this.imageArea)): PipelineEvent {
    const acquisition = this.acquisition(run, frame);
    const at = this.now();
    const timing = {
      capturedAt: at - 12,
      acquiredAt: at - 10,
      detectedAt: at - 8,
      inferenceStartedAt: at - 60,
      inferenceEndedAt: at - 9,
      anticipated: true,
    };
    const facts = {
      run,
      frame,
      status,
      capturedAt: acquisition.frame.capturedAt,
      mask,
      imageArea: this.imageArea,
      pixelSpacingMm: 0.3,
      spacingVoid: null,
      paddedFrames: 0,
      model,
      provider: 'cpu',
    };
    return { kind: 'mask', stream: this.stream, at, ...facts, timing, acquisition };
  }

  invalid(run: string, frame: number, reason: InvalidReason): PipelineEvent {
    return { kind: 'invalid', stream: this.stream, at: this.now(), run, frame, reason };
  }

  fate(fate: 'unique' | 'repeated' | `dropped_${string}`, count = 1): PipelineEvent {
    return { kind: 'fate', stream: this.stream, at: this.now(), fate, count };
  }

  /** The acquisition of a place in a run: always the same one. */
  acquisition(run: string | null, frame: number | null): Acquisition {
    const key = run === null ? `idle ${this.index}` : `${run} ${frame}`;
    const known = this.acquisitions.get(key);
    if (known) return known;
    const { stream, width, height, pixelAspect, imageArea } = this;
    const pixels = this.paint(width, height, imageArea, this.index, frame);
    const made = {
      frame: { stream, index: this.index++, capturedAt: this.now(), width, height, pixelAspect, pixels, imageArea },
      acquiredAt: this.now(),
      analysis: new Uint8Array(new SharedArrayBuffer(ANALYSIS_SIZE * ANALYSIS_SIZE)),
    };
    this.acquisitions.set(key, made);
    return made;
  }
}

/** A mid-grey image area with a soft shadow that moves with `index`, black panels around it. */
function testPicture(width: number, height: number, area: Rect, index: number): Uint8Array {
  // Globals looked up per pixel are slow in jest.
  const root = Math.sqrt;
  const pixels = new Uint8Array(width * height);
  for (let y = area.y; y < area.y + area.height; y += 1) {
    const dy = y - area.y - area.height / 2;
    for (let x = area.x; x < area.x + area.width; x += 1) {
      const dx = x - area.x - area.width / 2 - (index % 20);
      const distance = root(dx * dx + dy * dy);
      pixels[y * width + x] = distance < 60 ? 90 + distance : 150;
    }
  }
  return pixels;
}

/** A mask of one rectangle: grid columns 96…159, rows 64…127. */
export function squareMask(area: Rect): TumourMask {
  const lengths: number[] = [64 * GRID + 96];
  for (let row = 0; row < 64; row += 1) lengths.push(64, row < 63 ? GRID - 64 : 128 * GRID + 96);
  const x = area.x + (96 / GRID) * area.width;
  const y = area.y + (64 / GRID) * area.height;
  const width = (64 / GRID) * area.width;
  const height = (64 / GRID) * area.height;
  const contour = [[x, y], [x + width, y], [x + width, y + height], [x, y + height]] as const; // prettier-ignore
  const lesion = {
    areaPx: width * height,
    areaMm2: width * height * 0.09,
    longestDiameterPx: Math.hypot(width, height),
    longestDiameterMm: Math.hypot(width, height) * 0.3,
    centroid: [x + width / 2, y + height / 2] as const,
    boundingBox: [x, y, width, height] as const,
    contour,
    confidence: 0.87,
  };
  const liver = [[area.x + 10, area.y + 10], [area.x + area.width - 20, area.y + 30], [area.x + 40, area.y + area.height - 20]] as const; // prettier-ignore
  return {
    width: GRID,
    height: GRID,
    runLengths: leb128(lengths),
    threshold: 0.5,
    lesions: [lesion],
    liver: { areaPx: 9000, contours: [liver] },
  };
}

function leb128(lengths: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  for (let length of lengths) {
    for (; length >= 0x80; length = Math.floor(length / 128)) bytes.push((length & 0x7f) | 0x80);
    bytes.push(length);
  }
  return Uint8Array.from(bytes);
}
