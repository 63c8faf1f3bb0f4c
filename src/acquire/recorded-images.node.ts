import { concatMap, NEVER, type Observable, of, throwError } from 'rxjs';
import type { Clock } from '../core/clock';
import { connection } from './connection/connection';
import { ffmpegArgs } from './ffmpeg/arguments';
import type { Ffmpeg } from './ffmpeg/binary.node';
import type { Image } from './ffmpeg/cut-images';
import { ffmpegProcess } from './ffmpeg/process.node';
import { toFullRange } from './pixels/luma';
import { SourceError } from './source';
import { type SourceSpec, defaultOptions } from './source-spec';

/**
 * Every picture of a recording, damaged ones too, once and in order, as fast as it can be read. Errors with a
 * SourceError if there are none, or if the last one is cut off. Unsubscribing ends its ffmpeg.
 */
export function recordedImages(path: string, ffmpeg: Ffmpeg, clock: Clock): Observable<Image> {
  const spec: SourceSpec = { ...defaultOptions, kind: 'file', path, rate: 'max', repeat: false, hwaccel: 'none', displayUri: path };
  return ffmpegProcess(ffmpeg.path, ffmpegArgs(spec, ffmpeg), { clock, kill: NEVER }).pipe(
    connection(),
    concatMap((event): Observable<Image> => {
      switch (event.kind) {
        case 'image':
        case 'damaged':
          return of(inFullRange(event.image));
        case 'incomplete':
          return throwError(() => new SourceError('ended', 'its last picture is cut off'));
        case 'opened':
        case 'connected':
        case 'skipped':
        case 'disorder':
        case 'interlaced':
        case 'tracks':
          return of();
      }
    }),
  );
}

function inFullRange({ videoRangeBits, deepBits: _, ...image }: Image): Image {
  if (videoRangeBits !== undefined) toFullRange(image.pixels, videoRangeBits);
  return image;
}
