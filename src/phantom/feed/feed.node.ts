import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { drawClock, MONITOR_HEIGHT, MONITOR_WIDTH } from './monitor';
import { phantomSuite, type ShownPicture, type SuiteOptions } from './suite';

/** How many pictures are painted ahead. */
const AHEAD = 8;

/**
 * A live feed of the simulated suite: H.264 in MPEG-TS, sent over TCP to the listener at the URL. Ends when it
 * disconnects.
 *
 *     node dist/phantom/feed/feed.node.js --url tcp://127.0.0.1:PORT --ffmpeg BIN --seed S [--rate R] [--fps 20]
 */
function main(): void {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      ffmpeg: { type: 'string', default: 'ffmpeg' },
      seed: { type: 'string', default: '1' },
      rate: { type: 'string' },
      // The encoder from npm has no assembly code and needs 20 ms for a picture of this size.
      fps: { type: 'string', default: '20' },
    },
  });
  if (!values.url) throw new Error('Expected --url tcp://HOST:PORT');
  const fps = Number(values.fps);
  const suite: SuiteOptions = { seed: Number(values.seed), ...(values.rate === undefined ? {} : { rateHz: Number(values.rate) }) };
  const encoder = spawn(values.ffmpeg, encoderArgs(fps, values.url), { stdio: ['pipe', 'ignore', 'pipe'] });
  let stderr = '';
  encoder.stderr.on('data', (text: Buffer) => (stderr = (stderr + text.toString()).slice(-2000)));
  encoder.stdin.on('error', () => encoder.kill());
  encoder.on('error', (error) => end(1, error.message));
  encoder.on('close', (code) => {
    // A reader that disconnects leaves a broken pipe: the normal end.
    if (code === 0 || code === null || /broken pipe|reset by peer/i.test(stderr)) end(0, '');
    else end(1, stderr.trim().split('\n')[0] ?? `ffmpeg ended with ${code}`);
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => encoder.kill('SIGKILL'));

  const painter = new Worker(__filename, { workerData: suite });
  painter.on('error', (error) => end(1, error.message));
  const ready: ShownPicture[] = [];
  painter.on('message', (picture: ShownPicture) => ready.push(picture));
  for (let i = 0; i < AHEAD; i++) painter.postMessage(null);

  let shown: Uint8Array | undefined;
  let until = 0;
  let clock = '';
  let writable = true;
  encoder.stdin.on('drain', () => (writable = true));
  const started = performance.now();
  let tick = 0;
  const show = (): void => {
    const now = performance.now();
    const next = ready[0];
    if (next && now >= until) {
      ready.shift();
      painter.postMessage(null);
      shown = next.pixels;
      clock = '';
      // A late painter shifts the schedule; small delays are made up for.
      until = (now - until > 100 ? now : until) + next.seconds * 1000;
    }
    if (shown && writable) {
      const time = new Date().toTimeString().slice(0, 8);
      if (time !== clock) drawClock(shown, time);
      clock = time;
      writable = encoder.stdin.write(shown);
    }
    tick = Math.max(tick + 1, Math.ceil(((now - started) * fps) / 1000));
    setTimeout(show, started + (tick * 1000) / fps - performance.now());
  };
  show();
}

function encoderArgs(fps: number, url: string): string[] {
  const input = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${MONITOR_WIDTH}x${MONITOR_HEIGHT}`, '-r', String(fps), '-i', 'pipe:0'];
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-threads', '1', '-crf', '17', '-g', String(fps * 2)];
  const output = ['-pix_fmt', 'yuv420p', '-muxdelay', '0', '-muxpreload', '0', '-flush_packets', '1', '-f', 'mpegts', url];
  return ['-hide_banner', '-loglevel', 'error', '-nostdin', ...input, ...coding, ...output];
}

function end(code: number, message: string): void {
  if (message) process.stderr.write(`${message}\n`);
  process.exit(code);
}

/** Paints the pictures of the suite ahead of time, in a thread of its own: one for each message from the feed. */
function paint(suite: SuiteOptions): void {
  const pictures = phantomSuite(suite);
  parentPort?.on('message', () => {
    const { value } = pictures.next();
    parentPort?.postMessage(value, [value.pixels.buffer as ArrayBuffer]);
  });
}

if (isMainThread) main();
else paint(workerData as SuiteOptions);
