import { execFileSync, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { bundled } from '../support/bundled';
import { freePort, sleep } from './ffmpegs';

jest.setTimeout(60_000);

const program = bundled(resolve(__dirname, 'open-and-end.ts'));

const running = (text: string): boolean =>
  execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' })
    .split('\n')
    .some((row) => row.includes(text) && !row.includes(program));

it.each([
  ['exits in haste', 'exit'],
  ['throws', 'throw'],
  ['is killed', 'kill'],
])(
  'leaves no ffmpeg behind when our process %s',
  async (_, end) => {
    if (end === 'kill' && process.platform !== 'linux') return;
    const url = `127.0.0.1:${await freePort()}/live`;
    const child = spawn(process.execPath, [program, `rtsp-listen://${url}`, end], { stdio: 'ignore' });
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
