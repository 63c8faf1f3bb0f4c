import { filter, firstValueFrom, lastValueFrom, map, of, toArray } from 'rxjs';
import type { Ffmpeg } from '../../src/acquire/ffmpeg/binary.node';
import { frameSource } from '../../src/acquire/frame-source.node';
import { parseSource } from '../../src/acquire/source-uri';
import { uniqueAcquisitions } from '../../src/acquisitions/unique-acquisitions';
import type { Clock } from '../../src/core/clock';
import { selectKeyFrame } from '../../src/detect/select-key-frame';
import type { FrameEvent, MaskEvent, PipelineEvent } from '../../src/event';
import { ANALYSIS_SIZE, type Rect } from '../../src/frame';
import type { Segmenter } from '../../src/infer/segmenter';
import { decodeRunLengths } from '../../src/mask/run-length';
import { tumourPixels } from '../../src/mask/tumour-pixels';
import { MONITOR_IMAGE_AREA } from '../../src/phantom/feed/monitor';
import { phantomRun } from '../../src/phantom/feed/phantom-run';
import { pipeline } from '../../src/pipeline';
import { stackAt } from '../../src/runs/temporal-stack';
import { overlap } from '../../src/study/case';
import { lent } from '../infer/lent';
import type { RecordedPatient, SuiteRecording } from './suite-recording';

/** One patient twice: the simulated images by the offline rule; and through feed, repeats and online key frame. */
export interface Compared {
  readonly seed: number;
  readonly offline: { readonly keyFrame: number; readonly dice: number };
  /** True acquisitions that the live path missed, and pictures that it took for another one. */
  readonly missed: number;
  readonly extra: number;
  /** The final mask; null when the run brought none. */
  readonly live: {
    readonly keyFrame: number;
    readonly dice: number;
    readonly imageArea: Rect;
    /** Dice, against the truth, of the offline mask of that very frame. */
    readonly offlineDice: number;
    /** Dice of the live and the offline mask of that frame with each other. */
    readonly agreement: number;
  } | null;
}

export async function compareLive(
  video: string,
  { patients, frames }: SuiteRecording,
  { segmenter, ffmpeg, clock }: { segmenter: Segmenter; ffmpeg: Ffmpeg; clock: Clock },
): Promise<readonly Compared[]> {
  const source = frameSource(parseSource(`file:${video}#rate=max`), { ffmpeg, clock, streamId: 'suite' });
  const shownBy = ({ acquisition }: FrameEvent | MaskEvent) => frames[acquisition.frame.index] ?? null;
  const results = await lastValueFrom(
    pipeline(of([{ id: 'suite', frames: source.pipe(uniqueAcquisitions(clock)), pixelSpacingMm: null }]), {
      leaseModel: lent(segmenter),
      clock,
      runName: (stream, n) => `${stream}-${n}`,
    }).pipe(
      filter((event) => event.kind === 'frame' || isFinal(event)),
      map((event) => ({
        shows: shownBy(event),
        final: event.kind === 'mask' ? { imageArea: event.imageArea, found: inField(event.mask, event.imageArea) } : null,
      })),
      toArray(),
    ),
  );
  const compared: Compared[] = [];
  for (const [n, patient] of patients.entries()) {
    const truth = phantomRun(patient.seed, { width: ANALYSIS_SIZE, height: ANALYSIS_SIZE });
    const { images } = patient;
    const dice = (found: Uint8Array, keyFrame: number): number => overlap(found, truth.tumourMaskAt(keyFrame)).dice;
    const offlineKey = selectKeyFrame(images)?.index ?? 0;
    const offline = { keyFrame: offlineKey, dice: dice(await maskOf(images, offlineKey, segmenter), offlineKey) };
    const ours = results.flatMap(({ shows, final }) => (shows?.patient === n ? { ...shows, final } : []));
    const acquisitions = ours.filter(({ final }) => final === null).map(({ acquisition }) => acquisition);
    const missed = images.length - new Set(acquisitions).size;
    const counts = { seed: patient.seed, offline, missed, extra: acquisitions.length - (images.length - missed) };
    const last = ours.findLast(({ final }) => final !== null);
    if (!last?.final) {
      compared.push({ ...counts, live: null });
      continue;
    }
    const { acquisition: keyFrame, final } = last;
    const same = await maskOf(images, keyFrame, segmenter);
    const { found, imageArea } = final;
    const live = {
      keyFrame,
      dice: dice(found, keyFrame),
      imageArea,
      offlineDice: dice(same, keyFrame),
      agreement: overlap(found, same).dice,
    };
    compared.push({ ...counts, live });
  }
  return compared;
}

const isFinal = (event: PipelineEvent): event is MaskEvent => event.kind === 'mask' && event.status === 'final';

async function maskOf(images: RecordedPatient['images'], keyFrame: number, segmenter: Segmenter): Promise<Uint8Array> {
  return tumourPixels(await firstValueFrom(segmenter.segment(stackAt(images, keyFrame, segmenter.offsets))), segmenter.thresholds);
}

/** A mask over the image area that was found, on the grid over the true one: by the pixel that holds each centre. */
function inField({ runLengths, width, height }: MaskEvent['mask'], area: Rect): Uint8Array {
  const bits = decodeRunLengths(runLengths, width * height);
  const field = MONITOR_IMAGE_AREA;
  const cell = (i: number, from: number, length: number, start: number, size: number, cells: number): number =>
    Math.floor(((from + ((i + 0.5) * length) / ANALYSIS_SIZE - start) / size) * cells);
  return Uint8Array.from({ length: ANALYSIS_SIZE ** 2 }, (_, i) => {
    const x = cell(i % ANALYSIS_SIZE, field.x, field.width, area.x, area.width, width);
    const y = cell(Math.floor(i / ANALYSIS_SIZE), field.y, field.height, area.y, area.height, height);
    return x >= 0 && y >= 0 && x < width && y < height ? (bits[y * width + x] as number) : 0;
  });
}
