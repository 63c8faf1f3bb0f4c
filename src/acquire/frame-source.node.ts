import { asyncScheduler, defer, identity, type Observable, Subject } from 'rxjs';
import { chosenTrack } from './chosen-track';
import { childPids } from './child.node';
import { dimPictures } from './dim-pictures';
import { explainedLogin } from './explained-login.node';
import type { Ffmpeg } from './ffmpeg-binary.node';
import { hardwareFirst, type HardwareRefusal } from './hardware-first';
import type { Hwaccel } from './hwaccel';
import { inOrder } from './in-order';
import { latePictures } from './late-pictures';
import { lateness } from './lateness';
import { openSource } from './open-source.node';
import { ownLoad } from './own-load.node';
import { Pace } from './pace';
import type { PictureMemory } from './pixels/picture-memory';
import { serverBack } from './server-back.node';
import type { Clock, Source } from './source';
import { sourceEvents, type WatchedEvent } from './source-events';
import { traitsOf } from './source-kinds';
import { shedLoad } from './shed-load';
import type { SourceSpec } from './source-spec';
import { stallWatch } from './stall-watch';
import { withImageArea } from './with-image-area';

/** What a source needs from its surroundings. */
export interface FrameSourceParts {
  readonly ffmpeg: Ffmpeg;
  readonly clock: Clock;
  readonly streamId: string;
  /** Where captured pictures lie; unless given, each has memory of its own. */
  readonly memory?: PictureMemory | undefined;
  /** The number of the first captured frame; 0 unless given. */
  readonly firstIndex?: number | undefined;
  /** Told when hardware that was asked for does not decode the source: the processor does, from then on. */
  readonly onHardwareRefusal?: (refusal: HardwareRefusal) => void;
}

/** A source of frames for ever (a recording: to its end). Each subscription opens it anew. */
export function frameSource(
  spec: SourceSpec,
  { ffmpeg, clock, streamId, memory, firstIndex, onHardwareRefusal = () => undefined }: FrameSourceParts,
): Source {
  const { live, url, server, file, paced, ownTimestamps, patience, hwaccel: asked } = traitsOf(spec);
  const open = (track: number, quick: boolean, hwaccel: Hwaccel, onLine: (line: string) => void): Observable<WatchedEvent> => {
    const busy = ownLoad(childPids);
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
    return openSource(spec, { ffmpeg, clock, memory, hwaccel, track, quick, kill, paused: pace.paused, onLine: readLine }).pipe(
      explainedLogin(server && url),
      paced ? pace.keep() : identity,
      ownTimestamps && spec.timestamps === 'trust' ? lateness() : identity,
      live ? shedLoad(busy) : identity,
      stallWatch(patience, () => kill.next(), asyncScheduler, { heard, waits: () => pace.waits }),
      live ? latePictures(busy) : identity,
      dimPictures(),
    );
  };
  const parts = { clock, streamId, memory, firstIndex, random: Math.random, reachable: serverBack(spec) };
  return defer(() =>
    sourceEvents(spec, hardwareFirst(asked, inOrder(chosenTrack(open, spec.track), file === null), onHardwareRefusal), parts),
  ).pipe(withImageArea(spec.imageArea, spec.plane));
}
