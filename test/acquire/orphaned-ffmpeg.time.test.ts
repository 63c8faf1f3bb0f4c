import { execFileSync, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { freePort, sleep } from './ffmpegs';

jest.setTimeout(60_000);

const dist = resolve(__dirname, '../../dist/acquire');

/** A program that waits for an encoder and then runs `then`, on the code that `npm run build` built. */
const program = (uri: string, then: string) => `
  const { findFfmpeg } = require('${dist}/ffmpeg/binary.node.js');
  const { frameSource } = require('${dist}/frame-source.node.js');
  const { parseSource } = require('${dist}/source-uri.js');
  void findFfmpeg().then((ffmpeg) => {
    frameSource(parseSource('${uri}'), { ffmpeg, clock: { now: () => performance.now() }, streamId: 's' }).subscribe();
    setTimeout(() => { ${then} }, 500);
  });`;

const running = (text: string): boolean =>
  execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' })
    .split('\n')
    .some((row) => row.includes(text) && !row.includes('frameSource') && !row.includes('require('));

it.each([
  ['exits in haste', 'process.exit(3)'],
  ['throws', "throw new Error('of the test')"],
  ['is killed', "process.kill(process.pid, 'SIGKILL')"],
])(
  'leaves no ffmpeg behind when our process %s',
  async (_, then) => {
    if (then.includes('SIGKILL') && process.platform !== 'linux') return;
    const url = `127.0.0.1:${await freePort()}/live`;
    const child = spawn(process.execPath, ['-e', program(`rtsp-listen://${url}`, then)], { stdio: 'ignore' });
    const ended = new Promise((done) => child.on('exit', done));
    let started = false;
    for (let i = 0; i < 400 && !started && child.exitCode === null; i += 1) {
      started = running(`rtsp://${url}`);
      await sleep(10);
    }
    await ended;
    await sleep(200);
    expect(started).toBe(true);
    expect(running(`rtsp://${url}`)).toBe(false);
  },
  20_000,
);
