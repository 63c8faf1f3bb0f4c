import { spawn } from 'node:child_process';
import { path as bundledFfmpeg } from '@ffmpeg-installer/ffmpeg';
import { Observable } from 'rxjs';
import type { SourceEvent } from '../../src/acquire/source';
import type { Rect } from '../../src/frame';

/** A recording as a source: filtered, as fast as it decodes, dated by its frame rate; independent of src/acquire. */
export function recording(
  video: string,
  { width, height, fps, imageArea }: { width: number; height: number; fps: number; imageArea: Rect },
  filters = 'null',
): Observable<SourceEvent> {
  return new Observable((subscriber) => {
    const ffmpeg = spawn(
      bundledFfmpeg,
      ['-v', 'error', '-i', video, '-vf', `${filters},scale=out_range=full,format=gray`, '-f', 'rawvideo', '-'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const size = width * height;
    let index = 0;
    let filled = 0;
    let pixels = new Uint8Array(size);
    ffmpeg.stdout.on('data', (chunk: Buffer) => {
      for (let from = 0; from < chunk.length;) {
        const part = chunk.subarray(from, from + size - filled);
        pixels.set(part, filled);
        filled += part.length;
        from += part.length;
        if (filled < size) continue;
        subscriber.next({
          kind: 'frame',
          frame: { stream: 'test', index, capturedAt: (1000 * index++) / fps, width, height, pixels, imageArea },
        });
        pixels = new Uint8Array(size);
        filled = 0;
      }
    });
    ffmpeg.on('error', (error) => subscriber.error(error));
    ffmpeg.on('close', () => {
      subscriber.next({ kind: 'ended', at: (1000 * index) / fps });
      subscriber.complete();
    });
    return () => ffmpeg.kill('SIGKILL');
  });
}
