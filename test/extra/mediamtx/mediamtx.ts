import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ffmpegPath } from '../../e2e/ffmpeg';
import { freePort } from '../../e2e/serve';
import type { Need } from '../needs';
import { type ServerProcess, startServerProcess } from '../server-process';

const mediamtx = process.env.MEDIAMTX_PATH ?? 'mediamtx';

export const mediaMtxNeeds: Need = {
  check: `command -v ${mediamtx}`,
  install: 'MediaMTX (its program on the PATH or named in MEDIAMTX_PATH)',
};

/** MediaMTX and an ffmpeg that publishes the MP4 to it without encoding it anew, once, from the call of `publish` on. */
export async function startMediaMtx(file: string): Promise<ServerProcess & { publish(): Promise<void> }> {
  const [rtsp, rtp] = [await freePort(), 2 * Math.floor((await freePort()) / 2)];
  const config = path.join(mkdtempSync(path.join(tmpdir(), 'mediamtx-')), 'mediamtx.yml');
  const lines = [
    `rtspAddress: 127.0.0.1:${rtsp}`,
    `rtpAddress: 127.0.0.1:${rtp}`,
    `rtcpAddress: 127.0.0.1:${rtp + 1}`,
    ...['rtmp', 'hls', 'webrtc', 'srt'].map((other) => `${other}: no`),
    'paths: { suite: {} }',
  ];
  writeFileSync(config, lines.join('\n') + '\n');
  const url = `rtsp://127.0.0.1:${rtsp}/suite`;
  const server = await startServerProcess({ url, command: mediamtx, args: [config], listening: 'listener opened' });
  const args = ['-v', 'error', '-re', '-i', file, '-c', 'copy', '-f', 'rtsp', '-rtsp_transport', 'tcp', url];
  let publisher: ReturnType<typeof spawn> | undefined;
  const publish = (): Promise<void> =>
    new Promise((resolve, reject) => {
      publisher = spawn(ffmpegPath, args, { stdio: 'ignore' });
      publisher.once('error', reject);
      publisher.once('spawn', resolve);
    });
  const close = async (): Promise<void> => {
    publisher?.kill('SIGKILL');
    await server.close();
  };
  return { ...server, publish, close };
}
