import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';
import type { Feed } from './feed';
import { found, type Detection } from './found';
import { between, epoch, watchedMemory } from './measured';
import { type Spent, spent } from './process-tree';
import type { Row } from './row';

/**
 * A program that reads the same feed and reports its frames: ffmpeg's `frame=N`, or `frames N …`; and `new
 * MILLISECONDS` for what it takes for a new acquisition.
 */
export interface Peer {
  readonly who: string;
  readonly command: string;
  readonly args: readonly string[];
}

interface PeerReport {
  readonly frames: number;
  readonly lookedAt: number | null;
  readonly spent: Spent;
}

/** So long a program may take to show its first frames. */
const STARTS_WITHIN_MS = 60_000;

/** Runs a peer, some seconds to warm up, then for one showing. Its processor time is read as it reports its frames. */
export async function peerRow(peer: Peer, feed: Feed, name: string, warmUpSeconds: number): Promise<Row> {
  const child = spawn(peer.command, peer.args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const pid = child.pid ?? -1;
  let stderrTail = '';
  child.stderr.on('data', (chunk: Buffer) => (stderrTail = (stderrTail + chunk.toString()).slice(-500)));
  const detections: Detection[] = [];
  let onReport: ((report: PeerReport) => void) | undefined;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [, frames, lookedAt] = /^frames?[= ]*(\d+)(?: (\d+))?$/.exec(line) ?? [];
    if (frames !== undefined)
      onReport?.({ frames: Number(frames), lookedAt: lookedAt === undefined ? null : Number(lookedAt), spent: spent(pid) });
    if (line.startsWith('new ')) detections.push({ run: '', at: Number(line.slice(4)) });
  });
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${peer.who} ended with ${code}: ${stderrTail.trim().split('\n').at(-1)}`)));
  });
  ended.catch(() => undefined);
  const next = (): Promise<PeerReport> => Promise.race([new Promise<PeerReport>((resolve) => (onReport = resolve)), ended]);
  try {
    const late = after(STARTS_WITHIN_MS).then(() => Promise.reject(new Error(`${peer.who} shows no frame: ${stderrTail.trim()}`)));
    late.catch(() => undefined);
    await Promise.race([next(), late]);
    await Promise.race([after(1000 * warmUpSeconds), ended]);
    const { fps, frames } = feed.recorded;
    await feed.state();
    const begin = await next();
    const residentMb = await Promise.race([watchedMemory(pid, frames / fps), ended]);
    const end = await next();
    const state = await feed.state();
    const [from, to] = [epoch(begin.spent.at), epoch(end.spent.at)];
    await after(1000);
    const { seconds, cpuMs, othersMs } = between(begin.spent, end.spent);
    return {
      ...{ feed: name, streams: 1, who: peer.who, seconds, cpuMs, othersMs, residentMb, program: null, ...state },
      due: Math.round(seconds * fps),
      captured: end.frames - begin.frames,
      lookedAt: end.lookedAt === null ? null : end.lookedAt - (begin.lookedAt ?? 0),
      found: detections.length > 0 ? found(feed.shown(1, from - 20_000, to + 5000), detections, from, to) : null,
    };
  } finally {
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
  }
}
