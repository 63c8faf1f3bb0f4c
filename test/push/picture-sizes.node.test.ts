import sharp from 'sharp';
import { MIN_PICTURE_WIDTH, PICTURE_WIDTHS } from '../../src/protocol/picture-widths';
import { Screen, type Heard } from './screen';
import { Script } from './scripted';
import { serving, stopServing, type Serving } from './serving';

const screens: Screen[] = [];
async function watching(server: Serving, query: string): Promise<Screen> {
  const opened = new Screen(server.port, `?${query}`);
  screens.push(opened);
  await opened.until(() => opened.of('snapshot').length > 0);
  return opened;
}
afterEach(async () => {
  screens.splice(0).forEach((opened) => opened.close());
  await stopServing();
});

const wide = (stream = 'a'): Script => new Script(stream, Date.now, 1500, 900, { x: 60, y: 20, width: 800, height: 800 });
const sizes = (frames: readonly Heard[]) => frames.map(({ seq, frame, encodedWidth }) => [seq, frame, encodedWidth]);
const rises = ({ heard }: Screen): void => {
  const seqs = heard.filter(({ stream }) => stream === 'a').map(({ seq }) => seq);
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
};
const encodings = async (server: Serving, stream = 'a'): Promise<Record<string, number>> => {
  const text = await (await server.get('/metrics')).text();
  const lines = text.matchAll(new RegExp(`picture_encode_seconds_count\\{stream="${stream}",size="(\\w+)"\\} (\\d+)`, 'g'));
  return Object.fromEntries([...lines].map(([, size = '', count]) => [size, Number(count)] as const).filter(([, count]) => count > 0));
};

it('sends a picture under one number to all, to each no wider than it requested, with its size as captured', async () => {
  const server = await serving();
  const script = wide();
  const wishes = [['', 1500], ['&maxWidth=960', 960], ['&maxWidth=700', 640], ['&maxWidth=64', 64], ['&maxWidth=8192', 1500]] as const; // prettier-ignore
  const all = await Promise.all(wishes.map(([wish]) => watching(server, `stream=a&topics=frame,run${wish}`)));
  server.say(script.run('r1', 'started', 2), script.frame('r1', 0), script.run('r1', 'ended', 2));
  for (const [at, [, expected]] of wishes.entries()) {
    const screen = all[at] as Screen;
    await screen.until(() => screen.of('frame').length === 1 && screen.of('run').length === 2);
    const [picture] = screen.of('frame');
    expect(picture).toMatchObject({ seq: 3, run: 'r1', frame: 0, width: 1500, height: 900, encodedWidth: expected });
    expect(picture?.capturedAt).toBe(script.acquisition('r1', 0).frame.capturedAt);
    const { width, height, channels } = await sharp(picture?.payload as Buffer).metadata();
    expect([width, height, channels]).toEqual([picture?.encodedWidth, picture?.encodedHeight, 1]);
    expect(height).toBe(Math.round((expected * 900) / 1500));
    rises(screen);
  }
  expect(await encodings(server)).toEqual({ full: 1, 960: 1, 640: 1, 64: 1 });
});

it('encodes a picture once a size, however many screens request it', async () => {
  const server = await serving();
  const script = wide();
  const wishes = Array.from({ length: 60 }, (_, at) => MIN_PICTURE_WIDTH + at * 40);
  const all = await Promise.all(wishes.map((maxWidth) => watching(server, `stream=a&topics=frame&maxWidth=${maxWidth}`)));
  server.say(script.frame('r1', 0));
  for (const screen of all) await screen.until(() => screen.of('frame').length === 1);
  const made = PICTURE_WIDTHS.filter((step) => step < 1500).map((step) => [String(step), 1]);
  expect(await encodings(server)).toEqual(Object.fromEntries([...made, ['full', 1]]));
  const text = await (await server.get('/metrics')).text();
  expect(text).toContain('angiocast_stage_duration_seconds_count{stream="a",stage="encode"} 1\n');
});

it('encodes nothing of a stream that no screen watches: they take no pictures, watch another stream, or have left', async () => {
  const server = await serving();
  const [a, b] = [wide('a'), new Script('b')];
  const plain = await watching(server, '');
  const other = await watching(server, 'stream=b&topics=frame');
  const gone = await watching(server, 'stream=a&topics=frame');
  gone.say({ type: 'subscribe', streams: ['a'], topics: ['mask'] });
  await gone.until(() => gone.of('snapshot').length === 2);
  server.say(a.run('r1', 'started', 2), a.frame('r1', 1), a.keyFrame('r1', 1, 'stabilised'), a.mask('r1', 1, 'stabilised'));
  server.say(b.frame('r2', 1));
  await Promise.all([plain.until(() => plain.of('mask').length === 1), gone.until(() => gone.of('mask').length === 1)]);
  await other.until(() => other.of('frame').length === 1);
  expect([await encodings(server, 'a'), await encodings(server, 'b')]).toEqual([{}, { full: 1 }]);
});

it('sends a screen that joins late the present in its size, under the numbers of the others, and those nothing twice', async () => {
  const server = await serving();
  const script = wide();
  const first = await watching(server, 'stream=a&topics=frame,mask,keyframe');
  server.say(script.run('r1', 'started', 2), script.frame('r1', 1));
  await first.until(() => first.of('frame').length === 1);
  server.say(script.keyFrame('r1', 1, 'stabilised'), script.mask('r1', 1, 'stabilised'), script.frame('r1', 2));
  await first.until(() => first.of('frame').length === 2);
  const late = await Promise.all([320, 330, 640].map((maxWidth) => watching(server, `stream=a&topics=frame,mask&maxWidth=${maxWidth}`)));
  for (const screen of late) {
    await screen.until(() => screen.of('frame').length === 2 && screen.of('mask').length === 1);
    expect(screen.of('frame').map(({ seq, at: _at, ...rest }) => [seq, rest.frame, rest.width])).toEqual(
      first.of('frame').map(({ seq, frame }) => [seq, frame, 1500]),
    );
    expect(screen.of('mask')[0]?.seq).toBe(first.of('mask')[0]?.seq);
    expect(screen.of('snapshot')[0]?.seq).toBe((first.of('frame')[0]?.seq ?? 0) - 1);
    rises(screen);
  }
  expect(late.map((screen) => screen.of('frame').map(({ encodedWidth }) => encodedWidth))).toEqual([[320, 320], [320, 320], [640, 640]]); // prettier-ignore
  server.say(script.frame('r1', 3));
  for (const screen of [first, ...late]) await screen.until(() => screen.of('frame').at(-1)?.frame === 3);
  expect(first.of('frame')).toHaveLength(3);
  expect(await encodings(server)).toEqual({ full: 3, 320: 3, 640: 3 });
});

it('sends a returning screen what it missed in its size, or smaller, and reports what is not there in a size it can use', async () => {
  const server = await serving();
  const script = wide();
  const away = async (query: string): Promise<Screen> => {
    const screen = await watching(server, `stream=a&topics=frame&${query}`);
    screen.close();
    return screen;
  };
  const big = await away('maxWidth=1280');
  const since = big.of('snapshot')[0]?.seq ?? 0;
  const [small, middle] = [
    await watching(server, 'stream=a&topics=frame&maxWidth=320'),
    await watching(server, 'stream=a&topics=frame&maxWidth=640'),
  ];
  for (const frame of [0, 1, 2]) {
    server.say(script.frame('r1', frame));
    await middle.until(() => middle.of('frame').length === frame + 1);
  }
  await small.until(() => small.of('frame').length === 3);
  const returning = async (wish: string): Promise<Screen> => {
    const screen = new Screen(server.port, `?stream=a&topics=frame&since=${since}${wish}`);
    screens.push(screen);
    await screen.until(() => screen.of('frame').at(-1)?.frame === 2);
    rises(screen);
    expect(screen.of('snapshot')).toEqual([]);
    return screen;
  };
  // The latest picture is part of the present: that is made in the size of whoever comes.
  expect(sizes((await returning('&maxWidth=640')).of('frame'))).toEqual([[1, 0, 640], [2, 1, 640], [3, 2, 640]]); // prettier-ignore
  expect(sizes((await returning('&maxWidth=1280')).of('frame'))).toEqual([[1, 0, 640], [2, 1, 640], [3, 2, 1280]]); // prettier-ignore
  const full = await returning('');
  expect(sizes(full.of('frame'))).toEqual([[3, 2, 1500]]);
  expect(full.of('loss')).toMatchObject([{ topic: 'frame', from: 1, to: 2, count: 2, reason: 'expired' }]);
});

it('lets a screen change the size, and refuses an impossible one', async () => {
  const server = await serving();
  const script = wide();
  const screen = await watching(server, 'stream=a&topics=frame&maxWidth=20');
  expect(screen.of('error')).toMatchObject([{ code: 'bad-max-width', message: 'Expected a whole number from 64 to 8192, got "20"' }]);
  server.say(script.frame('r1', 0));
  await screen.until(() => screen.of('frame').length === 1);
  screen.say({ type: 'subscribe', streams: ['a'], topics: ['frame'], maxWidth: 480 });
  await screen.until(() => screen.of('frame').length === 2);
  screen.say({ type: 'subscribe', streams: ['a'], topics: ['frame'], maxWidth: 48 });
  await screen.until(() => screen.of('error').length === 2);
  expect(screen.of('error')[1]).toMatchObject({ code: 'bad-message', message: 'maxWidth: Expected at least 64' });
  server.say(script.frame('r1', 1));
  await screen.until(() => screen.of('frame').length === 3);
  screen.say({ type: 'subscribe', streams: ['a'], topics: ['frame'] });
  await screen.until(() => screen.of('frame').length === 4);
  expect(sizes(screen.of('frame'))).toEqual([[1, 0, 1500], [1, 0, 480], [2, 1, 480], [2, 1, 1500]]); // prettier-ignore
});

it('shows a returning screen the present, though no other watched meanwhile', async () => {
  const server = await serving();
  const script = wide();
  const first = await watching(server, 'stream=a&topics=frame');
  server.say(script.frame('r1', 0));
  await first.until(() => first.of('frame').length === 1);
  first.say({ type: 'subscribe', streams: ['b'], topics: ['frame'] });
  await first.until(() => first.of('snapshot').length === 2);
  server.say(script.frame('r1', 1), script.keyFrame('r1', 1, 'stabilised'), script.frame('r1', 2));
  const again = new Screen(server.port, '?stream=a&topics=frame,keyframe&since=1');
  screens.push(again);
  await again.until(() => again.of('frame').length === 2);
  expect(sizes(again.of('frame'))).toEqual([[3, 1, 1500], [4, 2, 1500]]); // prettier-ignore
  expect(again.heard.map(({ type }) => type)).toEqual(['hello', 'keyframe', 'frame', 'frame']);
});
