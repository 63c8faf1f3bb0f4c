import { lookup } from 'node:dns/promises';
import { defer, finalize, from, identity, Subject, switchMap } from 'rxjs';
import type { Observable } from 'rxjs';
import type { PictureMemory } from './pixels/picture-memory';
import { childPids } from './child.node';
import { connection } from './connection';
import { ffmpegArgs } from './ffmpeg-args';
import type { Ffmpeg } from './ffmpeg-binary.node';
import { ffmpegProcess } from './ffmpeg-process.node';
import { latePictures } from './late-pictures';
import { lateness } from './lateness';
import { freePort, startPhantom } from './phantom-feed.node';
import type { ProcessEvent } from './process-event';
import { ownLoad } from './own-load.node';
import { shedLoad } from './shed-load';
import { sourceEvents, type WatchedEvent } from './source-events';
import { serverBack } from './server-back.node';
import type { Clock, Source } from './source';
import { SourceError } from './source-error';
import type { SourceSpec } from './source-spec';
import type { Patience } from './stall-watch';
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

/** A source of frames for ever (a recording: to its end), read by ffmpeg. Each subscription has its own ffmpeg. */
export function frameSource(spec: SourceSpec, { ffmpeg, clock, streamId, memory }: FrameSourceParts): Source {
  const connect = (): Observable<WatchedEvent> =>
    defer(() => {
      const busy = ownLoad(childPids);
      const kill = new Subject<void>();
      return process(spec, { ffmpeg, clock, kill }).pipe(
        connection(memory),
        tellsTime(spec) ? lateness() : identity,
        isLive(spec) ? shedLoad(busy) : identity,
        stallWatch(patienceWith(spec), () => kill.next()),
        isLive(spec) ? latePictures(busy) : identity,
      );
    });
  return sourceEvents(spec, connect, { clock, streamId, memory, random: Math.random, reachable: serverBack(spec) }).pipe(
    withImageArea(spec.imageArea),
  );
}

function process(
  spec: SourceSpec,
  { ffmpeg, clock, kill }: { ffmpeg: Ffmpeg; clock: Clock; kill: Observable<void> },
): Observable<ProcessEvent> {
  const read = (reached: SourceSpec, feedUrl?: string) => ffmpegProcess(ffmpeg.path, ffmpegArgs(reached, ffmpeg, feedUrl), clock, kill);
  if (spec.kind !== 'phantom') return from(reachable(spec, ffmpeg)).pipe(switchMap((reached) => read(reached)));
  return from(freePort()).pipe(
    switchMap((port) => {
      const url = `tcp://127.0.0.1:${port}`;
      const stop = startPhantom(spec, url, ffmpeg.path);
      return read(spec, url).pipe(finalize(stop));
    }),
  );
}

/** Whether a source's own times tell when it showed its pictures. The simulated suite counts pictures, and leaves some out on a busy machine. */
const tellsTime = (spec: SourceSpec): boolean =>
  spec.timestamps === 'trust' && spec.kind !== 'phantom' && !(spec.kind === 'file' && spec.rate === 'max');

/** Whether a source shows what is now. */
const isLive = ({ kind }: SourceSpec): boolean => kind !== 'file' && kind !== 'phantom';

/** A source that shows still pictures at 0.5 Hz, as some encoders do, is not silent yet. */
function patienceWith(spec: SourceSpec): Patience {
  const seconds = (beforeOpen: number | null, unknownRate: number, giveUp: number): Patience => ({
    beforeOpenMs: beforeOpen === null ? null : beforeOpen * 1000,
    unknownRateMs: unknownRate * 1000,
    noticeMs: 600,
    giveUpMs: giveUp * 1000,
  });
  switch (spec.kind) {
    case 'rtsp-listen':
      return seconds(null, 10, 2.5);
    case 'file':
      return seconds(30, 60, 60);
    case 'rtsp':
    case 'v4l2':
    case 'decklink':
    case 'dshow':
    case 'avfoundation':
    case 'x11grab':
    case 'phantom':
      return seconds(12, 10, 2.5);
  }
}

/** The source as this ffmpeg can reach it: where it cannot look up host names, we do. */
async function reachable(spec: SourceSpec, ffmpeg: Ffmpeg): Promise<SourceSpec> {
  if ((spec.kind !== 'rtsp' && spec.kind !== 'rtsp-listen') || ffmpeg.resolvesNames) return spec;
  const [, before = '', host = '', after = ''] = /^(rtsps?:\/\/(?:[^\s/?]*@)?)(\[[^\]]+\]|[^\s/?:]+)(.*)$/i.exec(spec.url) ?? [];
  try {
    const { address, family } = await lookup(host.replace(/^\[|\]$/g, ''));
    return { ...spec, url: `${before}${family === 6 ? `[${address}]` : address}${after}` };
  } catch (error) {
    throw new SourceError('not-found', 'no such host', { cause: error });
  }
}
