import { parentPort, workerData } from 'node:worker_threads';
import { tap } from 'rxjs';
import type { Ffmpeg } from '../acquire/ffmpeg/binary.node';
import { onChild } from '../acquire/ffmpeg/child.node';
import type { HardwareRefusal } from '../acquire/ffmpeg/hardware-decoding';
import { frameSource } from '../acquire/frame-source.node';
import { PictureRing } from '../acquire/pixels/picture-ring.node';
import { SlotHolders, SlotLoan } from '../acquire/pixels/slot-holders';
import { type LossReason, SourceError } from '../acquire/source';
import { traitsOf } from '../acquire/source-kinds';
import type { SourceSpec } from '../acquire/source-spec';
import { isWithoutAcquisition, type WithoutAcquisition, type ClassifiedFrame } from '../acquisitions/classified-frame';
import { EarlierAcquisitions } from '../acquisitions/earlier-acquisitions';
import { uniqueAcquisitions } from '../acquisitions/unique-acquisitions';
import type { Clock } from '../core/clock';
import { monotonicMs } from '../core/clock.node';
import { errorText } from '../core/log-text';
import type { AnalysisImage, FrameFacts, Rect } from '../frame';
import { capturedCounter } from '../measure/ledger';

/** What a stream's thread is born with. */
export interface StreamWorkerData {
  readonly stream: string;
  readonly spec: SourceSpec;
  readonly ffmpeg: Ffmpeg;
  /** Added to the machine's monotonic clock, which all threads share, it gives the one clock. */
  readonly clockOffsetMs: number;
  /** The number of the first captured frame. */
  readonly firstIndex: number;
  readonly holders: SlotHolders['counts'];
}

/** A sighting on its way to the main thread. The pixels of an acquisition are held for it in their slot. */
export type SentFrame =
  | Exclude<ClassifiedFrame, { kind: 'unique' | 'reframed' }>
  | { readonly kind: 'reframed'; readonly at: number; readonly imageArea: Rect; readonly acquisitions: readonly ReframedAcquisition[] }
  | {
      readonly kind: 'unique';
      readonly facts: FrameFacts;
      readonly pixels: Uint8Array;
      readonly slot: number;
      readonly acquiredAt: number;
      readonly analysis: AnalysisImage;
      readonly difference: number;
    };

/** An acquisition that was sent before the image area was known, as it looks in it. */
export interface ReframedAcquisition {
  readonly index: number;
  readonly acquiredAt: number;
  readonly analysis: AnalysisImage;
}

/** Stream's thread → main thread. */
export type StreamMessage =
  /** In order; how many frames were captured since the message before is counted where the source hands over. */
  | { readonly kind: 'sightings'; readonly captured: number; readonly sightings: readonly SentFrame[] }
  | { readonly kind: 'child'; readonly pid: number; readonly alive: boolean }
  | { readonly kind: 'hardware-refused'; readonly refusal: HardwareRefusal }
  | { readonly kind: 'completed' }
  | { readonly kind: 'failed'; readonly reason: LossReason | null; readonly message: string };

/** Main thread → stream's thread: close the source and end. */
export const CLOSE = 'close';

/** What only counts may wait this long for company. */
const MAX_BATCH_MS = 50;

function runStream(
  { stream, spec, ffmpeg, clockOffsetMs, firstIndex, holders }: StreamWorkerData,
  post: (message: StreamMessage) => void,
): () => void {
  const clock: Clock = { now: () => monotonicMs() + clockOffsetMs };
  // A recording waits for whoever looks at it, a monitor does not.
  const memory = new PictureRing(new SlotHolders(holders), traitsOf(spec).end !== 'lost');
  const arithmetic = () => memory.arithmetic;
  let count = 0;
  let unsent: SentFrame[] = [];
  let sentAt = -Infinity;
  const send = (): void => {
    if (unsent.length === 0 && count === 0) return;
    post({ kind: 'sightings', captured: count, sightings: unsent });
    [count, unsent, sentAt] = [0, [], clock.now()];
  };
  const enqueue = (sighting: ClassifiedFrame): void => {
    unsent.push(toSentFrame(sighting, memory));
    const countsOnly = isWithoutAcquisition(sighting) || sighting.kind === 'dropped';
    if (!countsOnly || clock.now() - sentAt >= MAX_BATCH_MS) send();
  };
  const subscription = frameSource(spec, {
    ...{ ffmpeg, clock, streamId: stream, memory, firstIndex },
    onHardwareRefusal: (refusal) => post({ kind: 'hardware-refused', refusal }),
  })
    .pipe(
      tap((event) => (count += capturedCounter(stream, event)?.value ?? 0)),
      uniqueAcquisitions(clock, arithmetic, () => new EarlierAcquisitions(arithmetic, traitsOf(spec).end !== 'over')),
    )
    .subscribe({
      next: enqueue,
      error: (error: unknown) => {
        send();
        post({ kind: 'failed', reason: error instanceof SourceError ? error.code : null, message: errorText(error) });
      },
      complete: () => {
        send();
        post({ kind: 'completed' });
      },
    });
  return () => subscription.unsubscribe();
}

function toSentFrame(sighting: ClassifiedFrame, memory: PictureRing): SentFrame {
  if (sighting.kind === 'unique') return toSentAcquisition(sighting, memory);
  if (isWithoutAcquisition(sighting)) return facts(sighting);
  if (sighting.kind !== 'reframed') return sighting;
  const [first] = sighting.acquisitions;
  if (!first) throw new Error('Expected acquisitions in another image area, got none');
  const acquisitions = sighting.acquisitions.map(({ frame: { index }, acquiredAt, analysis }) => ({ index, acquiredAt, analysis }));
  return { kind: 'reframed', at: sighting.at, imageArea: first.frame.imageArea, acquisitions };
}

/**
 * Held for the main thread, which releases it: in full range, a copy of what the next pictures are compared with as it
 * was captured.
 */
function toSentAcquisition({ acquisition, difference }: Extract<ClassifiedFrame, { kind: 'unique' }>, memory: PictureRing): SentFrame {
  const { frame, acquiredAt, analysis } = acquisition;
  const { luma } = frame;
  const room = luma?.isEightBitVideo === true ? memory.take(luma.values.length) : null;
  if (room && luma) {
    room.pixels.set(luma.values);
    memory.arithmetic.toFullRange(room.pixels);
  } else frame.loan?.hold();
  const { pixels, loan } = room ?? frame;
  if (!(loan instanceof SlotLoan)) throw new Error('Expected a frame in a slot of the ring, got one with memory of its own');
  return { kind: 'unique', facts: factsOf(frame), pixels, slot: loan.slot, acquiredAt, analysis, difference };
}

const facts = <S extends WithoutAcquisition>(sighting: S): S => ({
  ...sighting,
  frame: factsOf(sighting.frame),
});

const factsOf = ({ stream, index, capturedAt, width, height, pixelAspect, imageArea }: FrameFacts): FrameFacts => ({
  ...{ stream, index, capturedAt, width, height, pixelAspect, imageArea },
});

if (parentPort) {
  const port = parentPort;
  const post = (message: StreamMessage): void => port.postMessage(message);
  onChild((pid, alive) => post({ kind: 'child', pid, alive }));
  const close = runStream(workerData as StreamWorkerData, post);
  // Ends by itself once its ffmpeg is gone.
  port.once('message', () => {
    close();
    port.unref();
  });
}
