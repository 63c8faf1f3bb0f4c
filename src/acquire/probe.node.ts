import { catchError, connect, defer, delay, filter, merge, of, startWith, switchMap, take, takeUntil, takeWhile, tap, timer } from 'rxjs';
import { frameSource, type FrameSourceParts } from './frame-source.node';
import { type Source, SourceError, type SourceEvent } from './source';
import type { SourceSpec } from './source-spec';

/** How long to wait for the first picture, and how long to watch after it. */
export interface ProbeTimes {
  readonly waitMs: number;
  readonly lookMs: number;
  /** How long to wait for a key picture once packets arrive without one; one minute by default. */
  readonly keyPictureMs?: number;
}

/**
 * A source that is watched briefly: completes a few seconds after the first picture, when none comes in time, or at the
 * first failure before a picture. Errors become `lost` events. `probeReport` sums it up.
 */
export function probe(
  spec: SourceSpec,
  parts: FrameSourceParts,
  { waitMs, lookMs, keyPictureMs = 60_000 }: ProbeTimes = { waitMs: 15_000, lookMs: 3000 },
): Source {
  return defer(() => {
    let hasPicture = false;
    return frameSource(spec, parts).pipe(
      catchError((error: unknown) => {
        const reason = error instanceof SourceError ? error.code : 'crashed';
        const message = error instanceof Error ? error.message : String(error);
        return of<SourceEvent>({ kind: 'lost', at: parts.clock.now(), reason, message });
      }),
      tap((event) => (hasPicture ||= event.kind === 'frame')),
      takeWhile((event) => event.kind !== 'lost' || hasPicture, true),
      connect((events) => {
        const firstPicture = events.pipe(
          filter((event) => event.kind === 'frame'),
          take(1),
        );
        const packets = events.pipe(filter((event) => event.kind === 'stalled' && event.packets === true));
        const tooLate = packets.pipe(
          startWith(null),
          switchMap((only) => timer(only ? keyPictureMs : waitMs)),
          takeUntil(firstPicture),
        );
        return events.pipe(takeUntil(merge(tooLate, firstPicture.pipe(delay(lookMs)))));
      }),
    );
  });
}
