import { Observable, type OperatorFunction } from 'rxjs';
import { redactUri } from '../../core/log-text';
import { type LoggedPicture, pictureAnnouncer } from '../ffmpeg/announce-pictures';
import { type Announcement, type Image, type ImageFacts, imageCutter } from '../ffmpeg/cut-images';
import { decoderErrors, damageTracker } from '../ffmpeg/damage';
import { deepBits, pictureOrder, videoRangeBits } from '../ffmpeg/decoded-pictures';
import { NO_VIDEO, readLogLine } from '../ffmpeg/log-line';
import type { PipeReader, ProcessEvent } from '../ffmpeg/process-event';
import type { Track, Tracks } from '../ffmpeg/tracks';
import { newMemory, type PictureMemory, type PictureBuffer } from '../pixels/picture-memory';
import { type ReopenReason, SourceError } from '../source';

/** What one connection emits. */
export type ConnectionEvent =
  /** The source was opened; pictures may follow. */
  | { readonly kind: 'opened'; readonly announcedRateHz: number | null }
  /** The source has several videos. */
  | ({ readonly kind: 'tracks' } & Tracks)
  /** Before the first image, and before each image of a different size. */
  | {
      readonly kind: 'connected';
      readonly width: number;
      readonly height: number;
      readonly codec: string;
      readonly tracks?: Tracks;
      readonly reopenedFor?: readonly ReopenReason[];
    }
  | { readonly kind: 'image'; readonly image: Image }
  /** A corrupt image. */
  | { readonly kind: 'damaged'; readonly image: Image }
  /** The next image precedes an earlier one in display order. */
  | { readonly kind: 'disorder' }
  /** The next image is interlaced. */
  | { readonly kind: 'interlaced' }
  /** A dropped image. */
  | { readonly kind: 'skipped'; readonly image: ImageFacts }
  /** Announced images that the end of the connection cut off. */
  | { readonly kind: 'incomplete'; readonly count: number };

/** How its ffmpeg was told to give pictures. */
export interface Giving {
  readonly deinterlaced?: boolean;
  /** Only those that differ from the one before are written (changed-only.ts). */
  readonly changedOnly?: boolean;
}

/**
 * Turns the log and bytes of a process into images. Completes at the end of a recording, else errors with a SourceError
 * that says why there are no (more) images. An image that was not written, being equal to the one before, has its
 * pixels.
 *
 *    process  -line-line-bytes-bytes-line-bytes-exit
 *    out      ------o----------ci---------i------|
 */
export function connection(
  memory: PictureMemory = newMemory,
  reader?: PipeReader,
  { deinterlaced = false, changedOnly = false }: Giving = {},
  now: () => number = () => 0,
): OperatorFunction<ProcessEvent, ConnectionEvent> {
  return (processEvents) =>
    new Observable((subscriber) => {
      const { cut, rest, close } = imageCutter(memory);
      if (reader) reader.into = rest;
      const tracker = damageTracker(deinterlaced ? 2 : 1);
      const errors = decoderErrors();
      const isOutOfOrder = pictureOrder();
      let codec: string | null = null;
      /** By stream index. */
      const videos = new Map<number, Track>();
      let tracks: Tracks | null = null;
      let mapped = false;
      let size = '';
      let announced = 0;
      let delivered = 0;
      let failure: SourceError | null = null;
      let lastError = '';

      const complete = (facts: ImageFacts, buffer: PictureBuffer | null): void => {
        delivered += 1;
        const before = size;
        size = `${facts.width}x${facts.height}`;
        const { width, height } = facts;
        if (size !== before) subscriber.next({ kind: 'connected', width, height, codec: codec ?? 'unknown', ...(tracks && { tracks }) });
        if (buffer) subscriber.next({ kind: facts.damaged ? 'damaged' : 'image', image: { ...facts, ...buffer } });
        else subscriber.next({ kind: 'skipped', image: facts });
      };
      const describe = (
        { key, bidirectional, interlaced, format, passesAnyway: _, ...shown }: LoggedPicture,
        range: string,
      ): Announcement => {
        if (isOutOfOrder(codec ?? '', { seconds: shown.seconds, bidirectional })) subscriber.next({ kind: 'disorder' });
        if (interlaced) subscriber.next({ kind: 'interlaced' });
        const damaged = tracker.picture({ key, seconds: shown.seconds });
        return { ...shown, damaged, videoRangeBits: videoRangeBits(format, range), deepBits: deepBits(format) };
      };
      const announcer = pictureAnnouncer({ changedOnly, now, describe }, (part) => cut(part, complete));
      const readLine = (line: string): void => {
        const fact = readLogLine(line);
        switch (fact?.kind) {
          case 'picture':
            announced += 1;
            errors.picture();
            // Failures before the first picture no longer matter.
            failure = null;
            return announcer.picture(fact);
          case 'range':
            return announcer.range(fact.range);
          case 'change':
            return announcer.change(fact.changed);
          case 'output':
            return announcer.output();
          case 'damage':
            announcer.endOfPicture();
            return tracker.report(codec === WAITING_CODEC);
          case 'video': {
            // The input is listed first; the output does not matter.
            if (mapped) return;
            videos.set(fact.stream, fact.track);
            if (codec !== null) return;
            codec = fact.track.codec;
            return subscriber.next({ kind: 'opened', announcedRateHz: fact.announcedRateHz });
          }
          case 'taken': {
            mapped = true;
            codec = videos.get(fact.stream)?.codec ?? codec;
            if (videos.size < 2) return;
            const streams = [...videos].sort(([a], [b]) => a - b);
            tracks = { all: streams.map(([, track]) => track), taken: 1 + streams.findIndex(([stream]) => stream === fact.stream) };
            return subscriber.next({ kind: 'tracks', ...tracks });
          }
          case 'failure':
            failure = new SourceError(fact.reason, videos.size > 0 && fact.message === NO_VIDEO ? noSuchTrack(videos.size) : fact.message);
            return;
          case undefined:
            if (errors.isDamage(line, codec)) {
              announcer.endOfPicture();
              tracker.report(codec === WAITING_CODEC);
            }
            if (/\[(?:error|fatal)\]/.test(line)) lastError = line;
        }
      };
      const exit = (event: Extract<ProcessEvent, { kind: 'exit' }>): void => {
        announcer.endOfPicture();
        if (announced > delivered) subscriber.next({ kind: 'incomplete', count: announced - delivered });
        const error = whyEnded(event, announced > 0, failure, lastError);
        if (error) subscriber.error(error);
      };

      subscriber.add(close);
      subscriber.add(
        processEvents.subscribe({
          next: (event) => {
            switch (event.kind) {
              case 'line':
                return readLine(event.line);
              case 'bytes':
                return cut(event, complete);
              case 'exit':
                return exit(event);
            }
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
      );
    });
}

/** Its decoder outputs nothing until a picture is complete, intact or concealed. */
const WAITING_CODEC = 'h264';

const noSuchTrack = (count: number): string => `there is no such track: it has ${count === 1 ? 'one video' : `${count} videos`}`;

/** Null: the recording ended normally. */
function whyEnded(
  exit: Extract<ProcessEvent, { kind: 'exit' }>,
  hadPictures: boolean,
  failure: SourceError | null,
  lastError: string,
): SourceError | null {
  if (exit.failedToStart !== null) return new SourceError('crashed', `ffmpeg did not start: ${exit.failedToStart}`);
  if (exit.killed) return new SourceError('stalled', hadPictures ? 'no more pictures came' : 'no picture came');
  if (exit.signal !== null) return new SourceError('crashed', `ffmpeg was terminated by ${exit.signal}`);
  if (exit.code === 0 && hadPictures) return null;
  if (failure) return failure;
  if (exit.code === 0) return new SourceError('no-video', 'not a single picture came');
  const text = redactUri(lastError.replace(/^(?:\[[^\]]*\] ?)+/, '')).slice(0, 200);
  return new SourceError('crashed', `ffmpeg ended with code ${exit.code}${text === '' ? '' : `: ${text}`}`);
}
