import { lookup } from 'node:dns/promises';
import { availableParallelism } from 'node:os';
import { defer, finalize, from, type Observable, switchMap, tap } from 'rxjs';
import type { Clock } from '../../core/clock';
import { type FfmpegArgs, ffmpegArgs } from '../ffmpeg/arguments';
import type { Ffmpeg } from '../ffmpeg/binary.node';
import { type Hwaccel } from '../ffmpeg/input';
import type { PipeReader } from '../ffmpeg/process-event';
import { ffmpegProcess } from '../ffmpeg/process.node';
import type { PictureMemory } from '../pixels/picture-memory';
import { SourceError } from '../source';
import { openingOf, traitsOf } from '../source-kinds';
import type { SourceSpec } from '../source-spec';
import { connection, type ConnectionEvent } from './connection';
import { freePort, startPhantom } from './phantom-feed.node';

/** A URL with the address of its host instead of the name, for an ffmpeg that cannot look up names. Rejects with a SourceError where there is no such host. */
export async function withResolvedHost(url: string): Promise<string> {
  const [, before = '', host = '', after = ''] = /^([a-z]+:\/\/(?:[^\s/?]*@)?)(\[[^\]]+\]|[^\s/?:]+)(.*)$/i.exec(url) ?? [];
  try {
    const { address, family } = await lookup(host.replace(/^\[|\]$/g, ''));
    return `${before}${family === 6 ? `[${address}]` : address}${after}`;
  } catch (error) {
    throw new SourceError('not-found', 'no such host', { cause: error });
  }
}

/** One processor is for those who look at the pictures. */
const DECODING_THREADS = Math.max(1, availableParallelism() - 1);

/** What opening a source takes. */
export interface OpeningParts {
  readonly ffmpeg: Ffmpeg;
  readonly clock: Clock;
  /** Where captured pictures lie; unless given, each has memory of its own. */
  readonly memory?: PictureMemory | undefined;
  /** What is to decode it. */
  readonly hwaccel: Hwaccel;
  /** Which of its videos, counted from 1. */
  readonly track: number;
  /** Whether its pictures may come in the order in which they are coded, for no delay. */
  readonly quick: boolean;
  /** Whether pictures of two fields are made pictures of one moment. */
  readonly deinterlace: boolean;
  /** When it emits, what gives the pictures is ended, and the connection fails as `stalled`. */
  readonly kill: Observable<unknown>;
  /** Whether to leave what comes unread, for a while. */
  readonly paused?: Observable<boolean>;
  /** Told what ffmpeg says, line by line. */
  readonly onLine: (line: string) => void;
}

/** One connection to a source, by whatever its kind is opened. Unsubscribing closes it. */
export function openSource(
  spec: SourceSpec,
  { ffmpeg, clock, memory, hwaccel, track, quick, deinterlace, kill, paused, onLine }: OpeningParts,
): Observable<ConnectionEvent> {
  const reader: PipeReader = { into: () => null };
  const read = (feedUrl?: string): Observable<ConnectionEvent> =>
    defer(() =>
      withUsableUrl(spec, ffmpegArgs(spec, ffmpeg, { feedUrl, hwaccel, track, quick, deinterlace, threads: DECODING_THREADS }), ffmpeg),
    ).pipe(
      switchMap((args) => ffmpegProcess(ffmpeg.path, args, { clock, kill, paused, reader })),
      tap((event) => event.kind === 'line' && onLine(event.line)),
      connection(memory, reader, deinterlace),
    );
  const opening = openingOf(spec);
  switch (opening.by) {
    case 'ffmpeg':
      return read();
    case 'phantom':
      return from(freePort()).pipe(
        switchMap((port) => {
          const url = `tcp://127.0.0.1:${port}`;
          const stop = startPhantom(opening, url, ffmpeg.path);
          return read(url).pipe(finalize(stop));
        }),
      );
  }
}

/** The command as this ffmpeg can run it: where it cannot look up host names, we do. */
async function withUsableUrl(spec: SourceSpec, args: FfmpegArgs, { resolvesNames }: Ffmpeg): Promise<FfmpegArgs> {
  return traitsOf(spec).url === null || resolvesNames ? args : { ...args, input: await withResolvedHost(args.input) };
}
