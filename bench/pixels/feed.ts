import { type ChildProcess, fork } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { setPriority } from 'node:os';
import type { RecordedMonitor } from '../monitor-recording';
import { accessUnits } from './access-units';
import { rtspServer } from './rtsp-server';

/** A recording that loops in real time, in a process of its own; each stream of it begins elsewhere. */
export interface Feed {
  readonly recorded: RecordedMonitor;
  url(stream: number): string;
  /** When a stream first shows its acquisitions, between two times, by run; times in ms since the epoch. */
  shown(stream: number, from: number, to: number): readonly (readonly number[])[];
  /** Since the last call: how late the feed was at worst, and what it skipped for a client that did not read. */
  state(): Promise<{ readonly lateMs: number; readonly skipped: number }>;
  close(): void;
}

interface Begun {
  readonly port: number;
  /** When picture 0 of the feed was shown. */
  readonly at: number;
}

/** The picture that a stream begins with: apart by the golden ratio, so that no two show the same at once. */
function offset(stream: number, { frames, fps }: RecordedMonitor): number {
  const gop = 2 * fps;
  return Math.floor((((stream - 1) * 0.618) % 1) * (frames / gop)) * gop;
}

export async function startFeed(ffmpeg: string, video: string, recorded: RecordedMonitor, streams: number): Promise<Feed> {
  const child = fork(process.argv[1] ?? '', ['feed', ffmpeg, video, JSON.stringify(recorded), String(streams)], { execArgv: [] });
  const { port, at } = await ask<Begun>(child);
  const { fps, frames, runs } = recorded;
  return {
    recorded,
    url: (stream) => `rtsp://127.0.0.1:${port}/${stream}`,
    shown(stream, from, to) {
      const began = at - (1000 * offset(stream, recorded)) / fps;
      const loopMs = (1000 * frames) / fps;
      const found: number[][] = [];
      for (let loop = Math.floor((from - began) / loopMs); began + loop * loopMs < to; loop += 1)
        for (const { acquisitions } of runs) {
          const times = acquisitions
            .map((frame) => began + loop * loopMs + (1000 * frame) / fps)
            .filter((time) => time >= from && time < to);
          if (times.length > 0) found.push(times);
        }
      return found;
    },
    state: () => (child.send('state'), ask(child)),
    close: () => child.kill(),
  };
}

function ask<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('the feed ended'));
    child.once('exit', ended).once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer as T);
    });
  });
}

/** The other side: the process that shows. */
export function showFeed([ffmpeg = '', video = '', about = '', count = '1']: readonly string[]): void {
  const recorded = JSON.parse(about) as RecordedMonitor;
  const streams = Array.from({ length: Number(count) }, (_, n) => n + 1);
  const units = accessUnits(ffmpeg, video);
  if (units.length !== recorded.frames) throw new Error(`Expected ${recorded.frames} pictures in ${video}, got ${units.length}`);
  // The feed must be on time on a busy machine, but raising its priority may not be permitted.
  try {
    setPriority(-10);
  } catch {
    process.stderr.write('the feed has no priority over what is measured\n');
  }
  const { server, show, skipped } = rtspServer(units, recorded.fps);
  const started = performance.now();
  let [picture, lateMs] = [0, 0];
  const next = (): void => {
    for (let due = started + (1000 * picture) / recorded.fps; due <= performance.now(); due = started + (1000 * picture) / recorded.fps) {
      lateMs = Math.max(lateMs, performance.now() - due);
      for (const stream of streams) {
        const unit = units[(picture + offset(stream, recorded)) % units.length];
        if (unit) show(stream, unit, picture);
      }
      picture += 1;
    }
    setTimeout(next, Math.max(0, started + (1000 * picture) / recorded.fps - performance.now()));
  };
  process.on('message', () => {
    process.send?.({ lateMs, skipped: skipped() });
    lateMs = 0;
  });
  process.once('disconnect', () => process.exit());
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.send?.({ port, at: performance.timeOrigin + started } satisfies Begun);
    next();
  });
}
