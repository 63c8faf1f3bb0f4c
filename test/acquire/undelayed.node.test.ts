import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { filter, lastValueFrom, NEVER, take, timeout, toArray } from 'rxjs';
import { connection } from '../../src/acquire/connection/connection';
import { ffmpegArgs } from '../../src/acquire/ffmpeg/arguments';
import { ffmpegProcess } from '../../src/acquire/ffmpeg/process.node';
import { newMemory } from '../../src/acquire/pixels/picture-memory';
import { parseSource } from '../../src/acquire/source-uri';
import { clock, everyFfmpeg, run, scratch } from './ffmpegs';

const PICTURES = 5;
const folder = scratch();
const sockets: Socket[] = [];
afterAll(() => {
  folder.remove();
  for (const socket of sockets) socket.destroy();
});

it('gives each picture without waiting for the next', async () => {
  for (const ffmpeg of await everyFfmpeg()) {
    const path = folder.path(`${ffmpeg.origin}.nut`);
    await run(ffmpeg.path, '-f', 'lavfi', '-i', 'testsrc=s=64x48:r=5', '-frames:v', String(PICTURES), '-c:v', 'rawvideo', path);
    // Sends all pictures, and leaves the connection open.
    const server = createServer((socket) => {
      socket.on('error', () => undefined).write(readFileSync(path));
      sockets.push(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { changedOnly } = ffmpeg;
    const { outputOptions } = ffmpegArgs(parseSource('file:a.nut'), ffmpeg, { changedOnly });
    const inputOptions = ['-nostdin', '-loglevel', 'repeat+level+info', '-fpsprobesize', '0', '-analyzeduration', '0', '-f', 'nut'];
    const input = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const images = ffmpegProcess(ffmpeg.path, { inputOptions, input, outputOptions }, { clock, kill: NEVER }).pipe(
      connection(newMemory, undefined, { changedOnly }),
      filter(({ kind }) => kind === 'image'),
      take(PICTURES),
      timeout(20_000),
      toArray(),
    );
    expect(await lastValueFrom(images).finally(() => server.close())).toHaveLength(PICTURES);
  }
});
