import { defer, identity, type Observable, Subject } from 'rxjs';
import { childPids } from './child.node';
import type { Ffmpeg } from './ffmpeg-binary.node';
import { latePictures } from './late-pictures';
import { lateness } from './lateness';
import { openSource } from './open-source.node';
import { ownLoad } from './own-load.node';
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
}

/** A source of frames for ever (a recording: to its end). Each subscription opens it anew. */
export function frameSource(spec: SourceSpec, { ffmpeg, clock, streamId, memory }: FrameSourceParts): Source {
  const { live, ownTimestamps, patience } = traitsOf(spec);
  const connect = (): Observable<WatchedEvent> =>
    defer(() => {
      const busy = ownLoad(childPids);
      const kill = new Subject<void>();
      return openSource(spec, { ffmpeg, clock, memory, kill }).pipe(
        ownTimestamps && spec.timestamps === 'trust' ? lateness() : identity,
        live ? shedLoad(busy) : identity,
        stallWatch(patience, () => kill.next()),
        live ? latePictures(busy) : identity,
      );
    });
  return sourceEvents(spec, connect, { clock, streamId, memory, random: Math.random, reachable: serverBack(spec) }).pipe(
    withImageArea(spec.imageArea),
  );
}
