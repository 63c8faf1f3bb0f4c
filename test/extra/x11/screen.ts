import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Need } from '../needs';

export const screenNeeds: readonly Need[] = [
  { check: 'command -v Xvfb', install: 'xvfb' },
  { check: 'command -v ffplay', install: 'ffmpeg' },
];

/** A virtual screen. */
export interface Screen {
  /** As x11grab wants it, `:99`. */
  readonly display: string;
  /**
   * Plays every frame of a video full screen, once, at two thirds of its pace: a grabber that gets no processor for
   * 100 ms would miss a picture that stands for 133 ms. Resolves with a function that removes it.
   */
  play(file: string): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** Xvfb on a display number of its own choice. */
export async function startScreen(width: number, height: number): Promise<Screen> {
  const args = ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-s', '0'];
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const number = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('Xvfb does not start')), 20_000);
    (server.stdio[3] as Readable).once('data', (chunk: Buffer) => {
      clearTimeout(late);
      resolve(chunk.toString().trim());
    });
    server.once('error', reject);
  });
  const display = `:${number}`;

  const play = async (file: string): Promise<() => Promise<void>> => {
    const place = ['-noborder', '-left', '0', '-top', '0', '-x', String(width), '-y', String(height)];
    const player = spawn(
      'ffplay',
      ['-v', 'error', '-an', '-autoexit', '-noframedrop', '-sync', 'video', '-vf', 'setpts=1.5*PTS', ...place, file],
      {
        stdio: 'ignore',
        env: { ...process.env, DISPLAY: display, SDL_VIDEODRIVER: 'x11' },
      },
    );
    await new Promise((resolve, reject) => player.once('spawn', resolve).once('error', reject));
    return () => ended(player);
  };
  return { display, play, close: () => ended(server) };
}

async function ended(child: ReturnType<typeof spawn>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await end;
}
