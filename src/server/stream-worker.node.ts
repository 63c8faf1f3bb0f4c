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

/** What a stream's thread starts with. */
export interface StreamWorkerData {
  readonly stream: string;
  readonly spec: SourceSpec;
  readonly ffmpeg: Ffmpeg;
  /** The program's clock minus the monotonic clock of the machine, which all threads share. */
  readonly clockOffsetMs: number;
  /** Index of the first captured frame. */
  readonly firstIndex: number;
  readonly holders: SlotHolders['counts'];
}

/**
 * A classified frame, or an event of the source, as sent to the main thread. The pixels of an acquisition stay in their
 * slot, which is held for the main thread.
 */
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

/** An acquisition that was sent before the image area was known, as analysed within that area. */
export interface ReframedAcquisition {
  readonly index: number;
  readonly acquiredAt: number;
  readonly analysis: AnalysisImage;
}

/** Stream's thread → main thread. */
export type StreamMessage =
  /** In order. `captured`: frames since the previous message, counted before they are classified. */
  | { readonly kind: 'classified'; readonly captured: number; readonly frames: readonly SentFrame[] }
  | { readonly kind: 'child'; readonly pid: number; readonly alive: boolean }
  | { readonly kind: 'hardware-refused'; readonly refusal: HardwareRefusal }
  | { readonly kind: 'completed' }
  | { readonly kind: 'failed'; readonly reason: LossReason | null; readonly message: string };

/** Main thread → stream's thread: close the source and end. */
export const CLOSE = 'close';

/** Frames that are only counted are sent in batches, at most one in this time. */
const MAX_BATCH_MS = 50;

function runStream(
  { stream, spec, ffmpeg, clockOffsetMs, firstIndex, holders }: StreamWorkerData,
  post: (message: StreamMessage) => void,
): () => void {
  const clock: Clock = { now: () => monotonicMs() + clockOffsetMs };
  // For lack of memory, a recording waits and a live source drops pictures.
  const memory = new PictureRing(new SlotHolders(holders), traitsOf(spec).end !== 'lost');
  const arithmetic = () => memory.arithmetic;
  let count = 0;
  let unsent: SentFrame[] = [];
  let sentAt = -Infinity;
  const send = (): void => {
    if (unsent.length === 0 && count === 0) return;
    post({ kind: 'classified', captured: count, frames: unsent });
    [count, unsent, sentAt] = [0, [], clock.now()];
  };
  const enqueue = (event: ClassifiedFrame): void => {
    unsent.push(toSentFrame(event, memory));
    const countsOnly = isWithoutAcquisition(event) || event.kind === 'dropped';
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

function toSentFrame(event: ClassifiedFrame, memory: PictureRing): SentFrame {
  if (event.kind === 'unique') return toSentAcquisition(event, memory);
  if (isWithoutAcquisition(event)) return facts(event);
  if (event.kind !== 'reframed') return event;
  const [first] = event.acquisitions;
  if (!first) throw new Error('Expected acquisitions in another image area, got none');
  const acquisitions = event.acquisitions.map(({ frame: { index }, acquiredAt, analysis }) => ({ index, acquiredAt, analysis }));
  return { kind: 'reframed', at: event.at, imageArea: first.frame.imageArea, acquisitions };
}

/**
 * The pixels are in full range, and held for the main thread, which releases them. A picture in 8-bit video range is
 * copied, as the next pictures are compared with it as captured; if no slot is free, it is converted in place.
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

const facts = <S extends WithoutAcquisition>(event: S): S => ({
  ...event,
  frame: factsOf(event.frame),
});

const factsOf = ({ stream, index, capturedAt, width, height, pixelAspect, imageArea }: FrameFacts): FrameFacts => ({
  ...{ stream, index, capturedAt, width, height, pixelAspect, imageArea },
});

if (parentPort) {
  const port = parentPort;
  const post = (message: StreamMessage): void => port.postMessage(message);
  onChild((pid, alive) => post({ kind: 'child', pid, alive }));
  const close = runStream(workerData as StreamWorkerData, post);
  // Without the port, the thread ends as soon as its ffmpeg is gone.
  port.once('message', () => {
    close();
    port.unref();
  });
}
