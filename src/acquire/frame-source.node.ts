import { asyncScheduler, defer, filter, identity, map, type MonoTypeOperatorFunction, type Observable, Subject, tap } from 'rxjs';
import type { Clock } from '../core/clock';
import type { ConnectionEvent } from './connection/connection';
import { dimPictures } from './connection/dim-pictures';
import { explainLogin } from './connection/explain-login.node';
import { lateness, latePictures } from './connection/lateness';
import { openSource } from './connection/open-source.node';
import { ownLoad } from './connection/own-load.node';
import { Pace } from './connection/pace';
import { reopenOnSign } from './connection/reconnect';
import { serverReachable } from './connection/server-reachable.node';
import { shedLoad } from './connection/shed-load';
import { stallWatch } from './connection/stall-watch';
import type { Ffmpeg } from './ffmpeg/binary.node';
import { childPids } from './ffmpeg/child.node';
import { chooseTrack } from './ffmpeg/choose-track';
import { hardwareFirst, type HardwareRefusal } from './ffmpeg/hardware-decoding';
import type { Hwaccel } from './ffmpeg/input';
import { withImageArea } from './image-area/image-area';
import type { PictureMemory } from './pixels/picture-memory';
import type { ReopenReason, Source } from './source';
import { sourceEvents, type WatchedEvent } from './source-events';
import { traitsOf } from './source-kinds';
import type { SourceSpec } from './source-spec';

export interface FrameSourceParts {
  readonly ffmpeg: Ffmpeg;
  readonly clock: Clock;
  readonly streamId: string;
  /** Memory for captured pictures; by default, each gets its own. */
  readonly memory?: PictureMemory | undefined;
  /** The index of the first captured frame; 0 by default. */
  readonly firstIndex?: number | undefined;
  /** Called when the requested hardware cannot decode the source; the processor does from then on. */
  readonly onHardwareRefusal?: (refusal: HardwareRefusal) => void;
}

/** Pictures of a connection handed on so far: a recording that is reopened continues after them. */
interface Progress {
  pictures: number;
}
type Tail<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest] ? Rest : never;

const isPicture = ({ kind }: WatchedEvent): boolean => kind === 'image' || kind === 'damaged' || kind === 'skipped';

/** Drops the first `count` pictures. */
function skipPictures(count: number): MonoTypeOperatorFunction<ConnectionEvent> {
  let passed = 0;
  return filter((event) => !isPicture(event) || ++passed > count);
}

const isDisordered = ({ kind }: WatchedEvent): boolean => kind === 'disorder';

/** A source of frames without end, or to the end of a recording. Each subscription opens it anew. */
export function frameSource(
  spec: SourceSpec,
  { ffmpeg, clock, streamId, memory, firstIndex, onHardwareRefusal = () => undefined }: FrameSourceParts,
): Source {
  const { live, url, server, file, paced, ownTimestamps, patience, hwaccel: requested } = traitsOf(spec);
  const open = (
    progress: Progress,
    deinterlace: boolean,
    track: number,
    ordered: boolean,
    hwaccel: Hwaccel,
    onLine: (line: string) => void,
  ): Observable<WatchedEvent> => {
    const bottleneck = ownLoad(childPids);
    const kill = new Subject<void>();
    const pace = new Pace(() => clock.now());
    let lines = 0;
    const heard = (): boolean => {
      const any = lines > 0;
      lines = 0;
      return any;
    };
    const readLine = (line: string): void => {
      lines += 1;
      onLine(line);
    };
    return openSource(spec, {
      ffmpeg,
      clock,
      memory,
      hwaccel,
      track,
      quick: !ordered,
      deinterlace,
      kill,
      paused: pace.paused,
      onLine: readLine,
    }).pipe(
      explainLogin(server && url),
      file === null ? identity : skipPictures(progress.pictures),
      paced ? pace.keep() : identity,
      ownTimestamps && spec.timestamps === 'trust' ? lateness() : identity,
      live ? shedLoad(bottleneck) : identity,
      stallWatch(patience, () => kill.next(), asyncScheduler, { heard, waits: () => pace.waits }),
      live ? latePictures(bottleneck) : identity,
      dimPictures(),
      tap((event) => (progress.pictures += isPicture(event) ? 1 : 0)),
    );
  };
  const parts = { clock, streamId, memory, firstIndex, random: Math.random, reachable: serverReachable(spec) };
  const isInterlaced = ({ kind }: WatchedEvent): boolean => spec.deinterlace === 'auto' && kind === 'interlaced';
  return defer(() => {
    /** Reported with the next `connected` event. */
    const reasons = new Set<ReopenReason>();
    const addReopenReasons = map((event: WatchedEvent): WatchedEvent => {
      if (event.kind !== 'connected' || reasons.size === 0) return event;
      const connected = { ...event, reopenedFor: [...reasons] };
      reasons.clear();
      return connected;
    });
    const progress = { pictures: 0 };
    const deinterlaced = reopenOnSign(
      isInterlaced,
      (...rest: Tail<Parameters<typeof open>>) => open(progress, ...rest),
      () => reasons.add('deinterlaced'),
    );
    const ordered = reopenOnSign(isDisordered, chooseTrack(deinterlaced, spec.track), () => reasons.add('in-order'), file !== null);
    const decoded = hardwareFirst(requested, ordered, onHardwareRefusal);
    const connect = defer(() => {
      progress.pictures = 0;
      return decoded();
    });
    return sourceEvents(spec, () => connect.pipe(addReopenReasons), parts);
  }).pipe(withImageArea(spec.imageArea, spec.plane));
}
