import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ffmpegPath } from '../../e2e/ffmpeg';
import { freePort } from '../../e2e/serve';
import type { Need } from '../needs';
import { type ServerProcess, startServerProcess } from '../server-process';

const mediamtx = process.env.MEDIAMTX_PATH ?? 'mediamtx';

export const mediaMtxNeeds: Need = {
  check: `command -v ${mediamtx} || command -v go`,
  install: 'MediaMTX (its program on the PATH or named in MEDIAMTX_PATH), or Go 1.21 or newer, which builds a relay on its RTSP library',
};

interface Addresses {
  readonly rtsp: string;
  readonly rtp: string;
  readonly rtcp: string;
}

/** MediaMTX itself where it is; otherwise a relay built on gortsplib, the RTSP engine of MediaMTX. */
export function rtspServer(addresses: Addresses): { readonly command: string; readonly args: string[] } {
  const folder = mkdtempSync(path.join(tmpdir(), 'mediamtx-'));
  const { rtsp, rtp, rtcp } = addresses;
  if (spawnSync(mediamtx, ['--version']).status === 0) {
    const others = ['rtmp', 'hls', 'webrtc', 'srt'].map((other) => `${other}: no`);
    const lines = [`rtspAddress: ${rtsp}`, `rtpAddress: ${rtp}`, `rtcpAddress: ${rtcp}`, ...others, 'paths: { suite: {} }'];
    const config = path.join(folder, 'mediamtx.yml');
    writeFileSync(config, `${lines.join('\n')}\n`);
    return { command: mediamtx, args: [config] };
  }
  const command = path.join(folder, 'relay');
  const { status, stderr } = spawnSync('go', ['build', '-o', command, '.'], { cwd: path.join(__dirname, 'relay'), encoding: 'utf8' });
  if (status !== 0) throw new Error(`go build: ${stderr}`);
  return { command, args: [rtsp, rtp, rtcp] };
}

/** MediaMTX, and an ffmpeg that publishes the MP4 to it once, without re-encoding, when `publish` is called. */
export async function startMediaMtx(file: string): Promise<ServerProcess & { publish(): Promise<void> }> {
  const [rtsp, rtp] = [await freePort(), 2 * Math.floor((await freePort()) / 2)];
  const url = `rtsp://127.0.0.1:${rtsp}/suite`;
  const local = (port: number): string => `127.0.0.1:${port}`;
  const server = await startServerProcess({
    url,
    ...rtspServer({ rtsp: local(rtsp), rtp: local(rtp), rtcp: local(rtp + 1) }),
    listening: 'listener opened',
  });
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
