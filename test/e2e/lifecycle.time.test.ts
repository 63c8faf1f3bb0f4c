import { spawnSync } from 'node:child_process';
import { connect } from './client';
import { type Served, serve } from './serve';

let served: Served | undefined;
afterEach(async () => {
  await served?.stop('SIGKILL');
  served = undefined;
});

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
/** As it was started; on Linux. */
const commandLine = (pid: number): string => spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
/** The ffmpeg that turns the simulated feed into pictures; it may be about to start. */
async function readerOf(program: Served): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const reader = (await program.children()).find((pid) => / -i tcp:.* rawvideo/.test(commandLine(pid)));
    if (reader !== undefined) return reader;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('no ffmpeg reads the feed');
}
const isFrame = ({ type }: { readonly type: string }): boolean => type === 'frame';

describe('angiocast serve', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends within two seconds of %s and leaves no process behind',
    async (signal) => {
      served = await serve({ sources: ['phantom:#id=suite&seed=3'] });
      await served.client.waitFor('a picture', isFrame, 30_000);
      const stalled = await connect(`${served.url.replace('http', 'ws')}/ws?topics=frame`);
      stalled.socket.pause();
      const children = await served.children();
      expect(children.length).toBeGreaterThan(0);

      const exit = await served.stop(signal);
      stalled.socket.terminate();
      expect(exit).toMatchObject({ code: 0, signal: null });
      expect(exit.milliseconds).toBeLessThan(2_000);
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(children.filter(alive)).toEqual([]);
    },
    60_000,
  );

  it('goes on when its ffmpeg is killed, in the same stream and without turning time back', async () => {
    served = await serve({ sources: ['phantom:#id=suite&seed=4'] });
    const { client } = served;
    await client.waitFor('a picture', isFrame, 30_000);
    const waits: number[] = [];
    for (let round = 0; round < 3; round++) {
      const reader = await readerOf(served);
      const told = client.messages.length;
      const killed = Date.now();
      process.kill(reader, 'SIGKILL');
      await client.waitFor('a loss', ({ type, state }) => type === 'stream' && state === 'lost', 5_000, told);
      const lost = client.messages.findLastIndex(({ type, state }) => type === 'stream' && state === 'lost');
      await client.waitFor(
        'pictures again',
        ({ type, state }) => type === 'stream' && (state === 'live' || state === 'held'),
        20_000,
        lost,
      );
      waits.push(Date.now() - killed);
    }
    process.stdout.write(`ms from a killed ffmpeg to pictures again: ${waits.join(', ')}\n`);
    expect(waits.sort((a, b) => a - b)[1]).toBeLessThan(4_000);
    const times = client.of('frame').map(({ capturedAt }) => Number(capturedAt));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect((await served.get('/healthz')).status).toBe(200);
  }, 120_000);
});
