import { concatMap, connect, defer, merge, type OperatorFunction } from 'rxjs';
import { isWithoutAcquisition } from '../acquisitions/classified-frame';
import type { Fate, FateEvent, FrameEvent, GeometryEvent, RateEvent, ReconnectEvent, StreamEvent } from '../event';
import { type ImageArea, sameRect, sameShape } from '../frame';
import { rates } from './rates';
import type { FrameOrRun } from './run';
import { withStillArea } from './still-area';
import { streamStates } from './stream-states';

type FrameEvents = GeometryEvent | FateEvent | FrameEvent | ReconnectEvent;

/** What a stream emits besides its runs: its states, what its frames come to, and its rates, in this order. */
export const streamEvents = (stream: string): OperatorFunction<FrameOrRun, StreamEvent | FrameEvents | RateEvent> =>
  connect((all) => merge(all.pipe(withStillArea(streamStates(stream))), all.pipe(frameEvents(stream)), all.pipe(rates(stream))));

/**
 * The picture's geometry when it changes, one fate for every captured frame that belongs to no run, pictures that stood
 * alone, and lost connections. A frame that may open a run gets its fate with the run (announceRun), or when it stayed
 * alone.
 *
 *    in   --u---r--b--S----l--|     u unique, r repeated, b blank, S a lone acquisition, l lost
 *    out  --g---f--f--(fF)-c--|     g geometry, f fate, F frame, c reconnect
 */
export const frameEvents =
  (stream: string): OperatorFunction<FrameOrRun, FrameEvents> =>
  (all) =>
    defer(() => {
      const geometry = geometryChanges(stream);
      return all.pipe(concatMap((one) => [...geometry(one), ...eventsOf(stream, one)]));
    });

function eventsOf(stream: string, one: FrameOrRun): readonly FrameEvents[] {
  const fate = (at: number, became: Fate, count = 1): FateEvent => ({ kind: 'fate', stream, at, fate: became, count });
  switch (one.kind) {
    case 'repeated':
    case 'replayed':
      return [fate(one.frame.capturedAt, 'repeated')];
    case 'mixed':
      return [fate(one.frame.capturedAt, 'dropped_mixed')];
    case 'blank':
      return [fate(one.frame.capturedAt, 'dropped_blank')];
    case 'dropped':
      return [fate(one.at, `dropped_${one.reason}`, one.count)];
    case 'lone':
      return [fate(one.at, 'dropped_idle'), { kind: 'frame', stream, at: one.at, run: null, frame: null, acquisition: one.acquisition }];
    case 'lost':
      return [{ kind: 'reconnect', stream, at: one.at, reason: one.reason }];
    case 'unique':
    case 'reframed':
    case 'run':
    case 'area':
    case 'connecting':
    case 'connected':
    case 'stalled':
    case 'silent':
    case 'late':
    case 'punctual':
    case 'overloaded':
    case 'relieved':
    case 'dim':
    case 'ended':
      return [];
  }
}

/** Of an image area that was configured. */
const givenArea: Pick<ImageArea, 'settled' | 'planes' | 'hint'> = { settled: true, planes: [], hint: null };

function geometryChanges(stream: string): (one: FrameOrRun) => readonly GeometryEvent[] {
  let found: ImageArea | null = null;
  let last: GeometryEvent | null = null;
  return (one) => {
    if (one.kind === 'area') ({ found } = one);
    const frame = one.kind === 'unique' ? one.acquisition.frame : isWithoutAcquisition(one) ? one.frame : null;
    if (!frame) return [];
    const { capturedAt: at, width, height, pixelAspect = 1, imageArea } = frame;
    const { settled, planes, hint } = found ?? givenArea;
    const event: GeometryEvent = { kind: 'picture', stream, at, width, height, pixelAspect, imageArea, settled, planes, hint };
    if (last && sameGeometryEvent(last, event)) return [];
    last = event;
    return [event];
  };
}

const sameGeometryEvent = (a: GeometryEvent, b: GeometryEvent): boolean =>
  sameShape(a, b) && sameRect(a.imageArea, b.imageArea) && a.settled === b.settled && a.planes === b.planes && a.hint === b.hint;
