import { concatMap, defer, distinctUntilChanged, EMPTY, of, type OperatorFunction } from 'rxjs';
import { isWithoutAcquisition } from '../acquisitions/classified-frame';
import type { Fate, FateEvent, FrameEvent, GeometryEvent, ReconnectEvent } from '../event';
import { type ImageArea, sameRect, sameShape } from '../frame';
import type { FrameOrRun } from './run';

/** What the screens and the counters learn beside the runs: pictures that stood alone, and connections that were lost. */
export const asides = (stream: string): OperatorFunction<FrameOrRun, FrameEvent | ReconnectEvent> =>
  concatMap((seen) => {
    if (seen.kind === 'lone')
      return of<FrameEvent>({ kind: 'frame', stream, at: seen.at, run: null, frame: null, acquisition: seen.acquisition });
    return seen.kind === 'lost' ? of<ReconnectEvent>({ kind: 'reconnect', stream, at: seen.at, reason: seen.reason }) : EMPTY;
  });

/**
 * One fate for every captured frame that belongs to no run. That of a picture that may open a run is known when its run is (announceRun), or when it
 * stayed alone.
 *
 *    in     --u--u(R)--r--b--S--|
 *    fates  -----------r--b--i--|
 */
export function fates(stream: string): OperatorFunction<FrameOrRun, FateEvent> {
  return concatMap((event) => {
    const told = (at: number, fate: Fate, count = 1): FateEvent => ({ kind: 'fate', stream, at, fate, count });
    if (event.kind === 'repeated' || event.kind === 'replayed') return of(told(event.frame.capturedAt, 'repeated'));
    if (event.kind === 'mixed') return of(told(event.frame.capturedAt, 'dropped_mixed'));
    if (event.kind === 'blank') return of(told(event.frame.capturedAt, 'dropped_blank'));
    if (event.kind === 'lone') return of(told(event.at, 'dropped_idle'));
    return event.kind === 'dropped' ? of(told(event.at, `dropped_${event.reason}`, event.count)) : EMPTY;
  });
}

/** Of an area that was not looked for. */
const given: Pick<ImageArea, 'settled' | 'planes' | 'hint'> = { settled: true, planes: [], hint: null };

/** The captured picture's size, the shape of its pixels and what is known of the image area, each time one of them changes. */
export const pictures =
  (stream: string): OperatorFunction<FrameOrRun, GeometryEvent> =>
  (sightings) =>
    defer(() => {
      let found: ImageArea | null = null;
      return sightings.pipe(
        concatMap((seen): GeometryEvent[] => {
          if (seen.kind === 'area') ({ found } = seen);
          const frame = seen.kind === 'unique' ? seen.acquisition.frame : isWithoutAcquisition(seen) ? seen.frame : null;
          if (!frame) return [];
          const { capturedAt: at, width, height, pixelAspect = 1, imageArea } = frame;
          const { settled, planes, hint } = found ?? given;
          return [{ kind: 'picture', stream, at, width, height, pixelAspect, imageArea, settled, planes, hint }];
        }),
        distinctUntilChanged(
          (a, b) =>
            sameShape(a, b) && sameRect(a.imageArea, b.imageArea) && a.settled === b.settled && a.planes === b.planes && a.hint === b.hint,
        ),
      );
    });
