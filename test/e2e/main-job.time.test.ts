import { spawn, type ChildProcess } from 'node:child_process';
import { sampleFeed } from '../support/sample-data';
import { connect } from './client';
import { ffmpegPath } from './ffmpeg';
import { freePort, serve, type Served } from './serve';
import { expectRecovered, fates, watchSuite } from './suite';

const suite = sampleFeed('suite-30fps');
const runA = sampleFeed('run-a-dsa-7.5fps');

let served: Served | undefined;
let encoder: ChildProcess | undefined;
afterEach(async () => {
  encoder?.kill('SIGKILL');
  await served?.stop();
  [served, encoder] = [undefined, undefined];
});

const total = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((sum, count) => sum + count, 0);
const gone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

it('finds both runs of a feed an encoder pushes, their key frames by the rule of the paper, their masks, and the fate of every frame', async () => {
  if (!suite) return;
  const url = `//127.0.0.1:${await freePort()}/suite`;
  served = await serve({ sources: [`rtsp-listen:${url}#id=suite`] });
  const push = (): void => {
    const begun = Date.now();
    encoder = spawn(ffmpegPath, [
      '-v',
      'error',
      '-re',
      '-i',
      suite.video,
      '-c',
      'copy',
      '-rtsp_transport',
      'tcp',
      '-f',
      'rtsp',
      `rtsp:${url}`,
    ]);
    // Like any encoder, it tries again until there is a listener.
    encoder.once('exit', (code) => code !== 0 && code !== null && Date.now() - begun < 3_000 && setTimeout(push, 200));
  };
  push();
  const report = await watchSuite(served, suite, 90_000);

  expectRecovered(report);
  await served.client.waitFor('loss of the source', ({ type, state }) => type === 'stream' && state === 'lost', 20_000);
  const { body } = await served.get('/metrics');
  expect(total(fates(body))).toBe(suite.truth.frameCount);
  expect(body).toContain(`angiocast_frames_captured_total{stream="suite"} ${suite.truth.frameCount}\n`);
}, 150_000);

it('watches two recordings at once, and a client that stalls holds nobody up', async () => {
  if (!suite || !runA) return;
  served = await serve({ sources: [`${suite.video}#id=suite`, `${runA.video}#id=a`] });
  const stalled = await connect(`${served.url.replace('http', 'ws')}/ws?topics=frame,mask`);
  stalled.socket.pause();
  const [first, second] = await Promise.all([watchSuite(served, suite, 90_000, 'suite'), watchSuite(served, runA, 90_000, 'a')]);
  stalled.socket.terminate();

  expect(first.runs.map(({ final }) => final)).toEqual(suite.truth.runs.map(({ keyFrameAcquisition }) => keyFrameAcquisition));
  expect(second.runs.map(({ final }) => final)).toEqual([runA.truth.runs[0]?.keyFrameAcquisition]);
  await served.client.waitFor(
    'the end of the suite',
    ({ type, state, stream }) => type === 'stream' && state === 'ended' && stream === 'suite',
    20_000,
  );
  expect(total(first.fates) + total(second.fates)).toBeGreaterThan(0);
  expect(total(fates((await served.get('/metrics')).body, 'suite'))).toBe(suite.truth.frameCount);
  expect(total(fates((await served.get('/metrics')).body, 'a'))).toBe(runA.truth.frameCount);
}, 150_000);

it('shows the simulated suite, goes on after kill -9 of its ffmpeg, and ends within two seconds of SIGTERM without leaving a process', async () => {
  served = await serve({ sources: ['phantom:#seed=3&rate=6&id=demo'] });
  const { client } = served;
  await client.waitFor('a run', ({ type, phase }) => type === 'run' && phase === 'started', 30_000);
  const [victim] = await served.children();
  process.kill(victim ?? NaN, 'SIGKILL');
  const lost = await client.waitFor('a loss', ({ type, state }) => type === 'stream' && state === 'lost', 5_000);
  await client.waitFor(
    'pictures again',
    ({ type, state, seq }) => type === 'stream' && state === 'live' && (seq ?? 0) > (lost.seq ?? 0),
    15_000,
  );
  await client.waitFor('a mask', ({ type }) => type === 'mask', 45_000);

  const children = await served.children();
  const exit = await served.stop('SIGTERM');
  expect(exit.code).toBe(0);
  expect(exit.milliseconds).toBeLessThan(2_000);
  expect(children.filter((pid) => !gone(pid))).toEqual([]);
}, 120_000);
