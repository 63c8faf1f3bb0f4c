import { concatMap, EMPTY, of, type OperatorFunction } from 'rxjs';
import type { FrameEvent, ReconnectEvent } from '../event';
import type { Seen } from './sighting';

/** What the screens and the counters learn beside the runs: pictures that stood alone, and connections that were lost. */
export const asides = (stream: string): OperatorFunction<Seen, FrameEvent | ReconnectEvent> =>
  concatMap((seen) => {
    if (seen.kind === 'standing')
      return of<FrameEvent>({ kind: 'frame', stream, at: seen.at, run: null, frame: null, acquisition: seen.acquisition });
    return seen.kind === 'lost' ? of<ReconnectEvent>({ kind: 'reconnect', stream, at: seen.at, reason: seen.reason }) : EMPTY;
  });
