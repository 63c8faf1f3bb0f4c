import { type ChildProcess, spawn } from 'node:child_process';
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { maskPixels, type Message } from '../../e2e/client';
import { root, serve, type Served } from '../../e2e/serve';
import { needs } from '../needs';
import { readerNeeds } from './reader-needs';

needs(readerNeeds);

let served: Served | undefined;
let reader: ChildProcess | undefined;
let way: Server | undefined;
const sockets = new Set<Socket>();
let target = 0;

beforeAll(async () => {
  way = createServer((from) => {
    const to = createConnection(target, '127.0.0.1');
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined).on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => way?.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  reader?.kill('SIGKILL');
  cut();
  way?.close();
  await served?.stop();
});

/** Breaks every connection that goes through here. */
function cut(): void {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
}

async function start(): Promise<Served> {
  served = await serve({ sources: ['phantom:#seed=3&rate=8&id=demo'] });
  target = Number(new URL(served.url).port);
  return served;
}

it('a reader in Python, written from the protocol document, prints each key frame and mask once over a broken connection, and survives a restart', async () => {
  const { client } = await start();
  const port = (way?.address() as AddressInfo).port;
  reader = spawn('python3', ['examples/reader.py', `ws://127.0.0.1:${port}`], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  reader.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  reader.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const lines = (with_: string): readonly string[] => printed.split('\n').filter((line) => line.includes(with_));
  const until = async (what: string, done: () => boolean, withinMs = 60_000): Promise<void> => {
    for (const deadline = Date.now() + withinMs; !done(); await new Promise((resolve) => setTimeout(resolve, 50)))
      if (Date.now() > deadline || reader?.exitCode !== null) throw new Error(`Waited in vain for ${what}; it printed\n${printed}`);
  };

  await until('a greeting', () => lines('connected to angiocast/').length === 1);
  const known = client.messages.length;
  const { run } = await client.waitFor('a run', ({ type, phase }) => type === 'run' && phase === 'started', 60_000, known);
  await until('a mask', () => lines(`run ${String(run)} frame`).some((line) => line.includes(' mask, ')));
  cut();
  await client.waitFor('the final mask', ({ type, run: of, status }) => type === 'mask' && of === run && status === 'final', 60_000);
  await until('the final mask', () => lines(`run ${String(run)} frame`).some((line) => line.includes('final mask')));

  const ofRun = (type: string): readonly Message[] => client.of(type).filter((message) => message.run === run);
  const line = ({ frame, status }: Message, what: string) => `demo: run ${String(run)} frame ${String(frame)}: ${String(status)} ${what}`;
  expect(lines(`run ${String(run)} frame`).filter((text) => text.includes(' key frame'))).toEqual(
    ofRun('keyframe').map((message) => `${line(message, 'key frame')}, ${String(message.lagFrames)} frames later`),
  );
  const masks = lines(' mask, ').map((text) => /^(.*) mask, (\d+) px, lesions: (.*)$/.exec(text));
  expect(masks.map((match) => match?.[1])).toEqual(ofRun('mask').map((message) => line(message, '').trim()));
  ofRun('mask').forEach((message, at) => {
    const { imageArea, lesions } = message as unknown as { imageArea: Record<'width' | 'height', number>; lesions: readonly object[] };
    const pixel = (imageArea.width / Number(message.width)) * (imageArea.height / Number(message.height));
    const area = maskPixels(message).reduce((sum, value) => sum + value, 0) * pixel;
    expect(area).toBeGreaterThan(0);
    expect(Math.abs(Number(masks[at]?.[2]) - area)).toBeLessThanOrEqual(1);
    expect(masks[at]?.[3]?.split(', ')).toHaveLength(lesions.length);
  });
  expect(lines('connected to angiocast/')).toHaveLength(2);

  served?.process.kill('SIGSTOP');
  await until('no answer', () => lines('no answer from the server').length > 0, 5000);
  served?.process.kill('SIGCONT');

  await served?.stop();
  await until('a goodbye', () => /the server closed the connection|no connection/.test(printed));
  const before = lines(' key frame').length;
  await start();
  await until('a key frame of the new server', () => lines('connected to angiocast/').length > 2 && lines(' key frame').length > before);
  expect(lines('makes no sense')).toEqual([]);
}, 240_000);
