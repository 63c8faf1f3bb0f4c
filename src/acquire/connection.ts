import { concat, concatMap, defer, EMPTY, of, throwError } from 'rxjs';
import type { ObservableInput, OperatorFunction } from 'rxjs';
import type { Image, PipePart } from './cut-images';
import { imageCutter } from './cut-images';
import { damage } from './damage';
import { readLogLine } from './ffmpeg-log';
import type { ProcessEvent } from './process-event';
import { redactUri } from './redact-uri';
import { SourceError } from './source-error';

/** What one connection to a source gives. */
export type ConnectionEvent =
  /** The source was opened; pictures may come. */
  | { readonly kind: 'opened'; readonly announcedRateHz: number | null }
  /** Before the first image, and before each image of another size than the one before. */
  | { readonly kind: 'connected'; readonly width: number; readonly height: number; readonly codec: string }
  | { readonly kind: 'image'; readonly image: Image }
  /** An image that does not show what the source showed. */
  | { readonly kind: 'damaged'; readonly image: Image }
  /** Images that were announced, and cut off by the end of the connection. */
  | { readonly kind: 'incomplete'; readonly count: number };

/**
 * What a process's log and bytes amount to: images, and then completion at the end of a recording, or a SourceError that tells why there are no (more)
 * images.
 *
 *    process  -line-line-bytes-bytes-line-bytes-exit
 *    out      ------o----------ci---------i------|
 */
export function connection(): OperatorFunction<ProcessEvent, ConnectionEvent> {
  return (processEvents) =>
    defer(() => {
      const cut = imageCutter();
      let codec: string | null = null;
      let size = '';
      let announced = 0;
      let delivered = 0;
      let failure: SourceError | null = null;
      let lastError = '';
      const damaged = damage();

      const toImages = (part: PipePart): ConnectionEvent[] =>
        cut(part).flatMap((image): ConnectionEvent[] => {
          delivered += 1;
          const before = size;
          size = `${image.width}x${image.height}`;
          const { width, height } = image;
          return [
            ...(size === before ? [] : [{ kind: 'connected' as const, width, height, codec: codec ?? 'unknown' }]),
            { kind: image.damaged ? 'damaged' : 'image', image },
          ];
        });

      const readLine = (line: string): ConnectionEvent[] => {
        const fact = readLogLine(line);
        switch (fact?.kind) {
          case 'picture':
            announced += 1;
            // What went wrong before a picture came did not matter.
            failure = null;
            return toImages({ ...fact, damaged: damaged.picture(fact) });
          case 'damage':
            damaged.happened();
            return [];
          case 'video': {
            // The input comes first; ours, the output, is of no interest.
            if (codec !== null) return [];
            codec = fact.codec;
            return [{ kind: 'opened', announcedRateHz: fact.announcedRateHz }];
          }
          case 'failure':
            failure = new SourceError(fact.reason, fact.message);
            return [];
          case undefined:
            if (/\[(?:error|fatal)\]/.test(line)) lastError = line;
            return [];
        }
      };

      return processEvents.pipe(
        concatMap((event): ObservableInput<ConnectionEvent> => {
          switch (event.kind) {
            case 'line':
              return readLine(event.line);
            case 'bytes':
              return toImages(event);
            case 'exit': {
              const missing = announced - delivered;
              const rest = missing > 0 ? of<ConnectionEvent>({ kind: 'incomplete', count: missing }) : EMPTY;
              const error = whyEnded(event, announced > 0, failure, lastError);
              return error === null
                ? rest
                : concat(
                    rest,
                    throwError(() => error),
                  );
            }
          }
        }),
      );
    });
}

/** Null: the recording is over, as it should be. */
function whyEnded(
  exit: Extract<ProcessEvent, { kind: 'exit' }>,
  hadPictures: boolean,
  failure: SourceError | null,
  lastError: string,
): SourceError | null {
  if (exit.failedToStart !== null) return new SourceError('crashed', `ffmpeg did not start: ${exit.failedToStart}`);
  if (exit.killed) return new SourceError('stalled', hadPictures ? 'no more pictures came' : 'no picture came');
  if (exit.signal !== null) return new SourceError('crashed', `ffmpeg was ended by ${exit.signal}`);
  if (exit.code === 0 && hadPictures) return null;
  if (failure) return failure;
  if (exit.code === 0) return new SourceError('no-video', 'not a single picture came');
  const said = redactUri(lastError.replace(/^(?:\[[^\]]*\] ?)+/, '')).slice(0, 200);
  return new SourceError('crashed', `ffmpeg ended with code ${exit.code}${said === '' ? '' : `: ${said}`}`);
}
