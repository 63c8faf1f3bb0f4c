import { lookup } from 'node:dns/promises';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
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

/** Replaces the host name in a URL by its address. Rejects with a SourceError if there is no such host. */
export async function withResolvedHost(url: string): Promise<string> {
  const [, before = '', host = '', after = ''] = /^([a-z]+:\/\/(?:[^\s/?]*@)?)(\[[^\]]+\]|[^\s/?:]+)(.*)$/i.exec(url) ?? [];
  try {
    const { address, family } = await lookup(host.replace(/^\[|\]$/g, ''));
    return `${before}${family === 6 ? `[${address}]` : address}${after}`;
  } catch (error) {
    throw new SourceError('not-found', 'no such host', { cause: error });
  }
}

/** Leaves one processor for analysing the pictures. */
const DECODING_THREADS = Math.max(1, availableParallelism() - 1);

export interface OpeningParts {
  readonly ffmpeg: Ffmpeg;
  readonly clock: Clock;
  /** Memory for captured pictures; by default, each gets its own. */
  readonly memory?: PictureMemory | undefined;
  readonly hwaccel: Hwaccel;
  /** Which video, counted from 1. */
  readonly track: number;
  /** Whether pictures may come in decoding order, to avoid delay. */
  readonly quick: boolean;
  readonly deinterlace: boolean;
  /** When it emits, ffmpeg is killed and the connection fails as `stalled`. */
  readonly kill: Observable<unknown>;
  /** Whether to stop reading for now. */
  readonly paused?: Observable<boolean>;
  /** Called with each line of ffmpeg's log. */
  readonly onLine: (line: string) => void;
}

/** One connection to a source. Unsubscribing closes it. */
export function openSource(
  spec: SourceSpec,
  { ffmpeg, clock, memory, hwaccel, track, quick, deinterlace, kill, paused, onLine }: OpeningParts,
): Observable<ConnectionEvent> {
  const reader: PipeReader = { into: () => null };
  const { changedOnly } = ffmpeg;
  const read = (feedUrl?: string): Observable<ConnectionEvent> =>
    defer(() =>
      withUsableUrl(
        spec,
        ffmpegArgs(spec, ffmpeg, { feedUrl, hwaccel, track, quick, deinterlace, changedOnly, threads: DECODING_THREADS }),
        ffmpeg,
      ),
    ).pipe(
      switchMap((args) => ffmpegProcess(ffmpeg.path, args, { clock, kill, paused, reader })),
      tap((event) => event.kind === 'line' && onLine(event.line)),
      connection(memory, reader, { deinterlaced: deinterlace, changedOnly }, () => clock.now()),
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

/** Resolves the host name for an ffmpeg that cannot: a static one crashes when it tries. */
async function withUsableUrl(spec: SourceSpec, args: FfmpegArgs, { resolvesNames }: Ffmpeg): Promise<FfmpegArgs> {
  if (resolvesNames) return args;
  // Without a local socket it looks for the display on the network.
  if (spec.kind === 'x11grab' && !(await hasSocket(spec.display))) throw new SourceError('not-found', 'no such display');
  return traitsOf(spec).url === null ? args : { ...args, input: await withResolvedHost(args.input) };
}

/** Whether an X display of this machine has its socket, as a file or abstract; true for one of another machine. */
async function hasSocket(display: string): Promise<boolean> {
  const [, number] = /^(?:unix)?:(\d+)/.exec(display) ?? [];
  if (number === undefined) return true;
  const socket = `/tmp/.X11-unix/X${number}`;
  return existsSync(socket) || (await readFile('/proc/net/unix', 'utf8').catch(() => '')).includes(`@${socket}\n`);
}
