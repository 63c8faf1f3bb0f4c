import { KeptPictures } from '../../src/push/pictures/kept-pictures';
import { Screen } from './screen';
import { Script } from './scripted';
import { serving, stopServing } from './serving';

afterEach(stopServing);

const picture = (run: string, frame: number, weight = 10, wide = 100) => ({
  facts: {
    ...({ type: 'frame', run, frame, capturedAt: frame, width: 400, height: 300, encoding: 'jpeg', repeated: false } as const),
    ...{ encodedWidth: wide, encodedHeight: (wide * 3) / 4, pixelAspect: 1 },
  },
  bytes: new Uint8Array(weight),
});

it('keeps the widest picture of each image, in the order of their capture', () => {
  const kept = new KeptPictures();
  for (const [frame, wide] of [[2, 100], [1, 100], [1, 400], [1, 200]] as const) kept.keep(picture('r1', frame, 10, wide)); // prettier-ignore
  expect(kept.of('r1').map(({ facts }) => [facts.frame, facts.encodedWidth])).toEqual([[1, 400], [2, 100]]); // prettier-ignore
  expect([kept.of('r2'), kept.picture('r1', 3), kept.mask('r1')]).toEqual([[], null, null]);
});

it('lets the oldest pictures go, and the masks of the oldest runs', () => {
  const kept = new KeptPictures({ runs: 2, pictureBytes: 100 });
  for (let frame = 0; frame < 30; frame += 1) kept.keep(picture(frame < 25 ? 'r1' : 'r2', frame));
  expect([...kept.of('r1'), ...kept.of('r2')].map(({ facts }) => facts.frame)).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
  kept.keep(picture('r3', 0, 95));
  expect([kept.of('r1'), kept.of('r2'), kept.of('r3').length]).toEqual([[], [], 1]);
  for (const run of ['r1', 'r2', 'r1', 'r3']) kept.keepMask(run, new Uint8Array(1));
  expect(['r1', 'r2', 'r3'].map((run) => kept.mask(run) !== null)).toEqual([true, false, true]);
});

it('serves what screens were sent of a run, also later, and never without a token', async () => {
  const server = await serving({ token: 'sesame' });
  const headers = { authorization: 'Bearer sesame' };
  const screen = new Screen(server.port, '?stream=a&topics=frame,mask&token=sesame');
  await screen.until(() => screen.of('snapshot').length > 0);
  const script = new Script('a');
  server.say(script.run('r 1', 'started', 2), script.frame('r 1', 0), script.frame('r 1', 1), script.frame(null, null));
  server.say(script.keyFrame('r 1', 1, 'stabilised'), script.mask('r 1', 1, 'stabilised'));
  await screen.until(() => screen.of('frame').length === 3 && screen.of('mask').length === 1);
  const at = '/api/v1/runs/r%201';
  const listed = (await (await server.get(`${at}/frames`, headers)).json()) as readonly { readonly frame: number }[];
  expect(listed.map(({ frame }) => frame)).toEqual([0, 1]);
  const sent = screen.of('frame').find(({ frame }) => frame === 1);
  expect(listed[1]).toEqual(Object.fromEntries(Object.keys(listed[1] ?? {}).map((field) => [field, sent?.[field]])));
  const answer = await server.get(`${at}/frames/1`, headers);
  expect([answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual(['image/jpeg', 'no-store']);
  expect(Buffer.from(await answer.arrayBuffer()).equals(sent?.payload ?? Buffer.alloc(0))).toBe(true);
  const mask = Buffer.from(await (await server.get(`${at}/mask`, headers)).arrayBuffer());
  expect(JSON.parse(mask.subarray(4, 4 + mask.readUInt32LE(0)).toString())).toMatchObject({ type: 'mask', run: 'r 1', frame: 1 });
  for (const [path, code] of [
    ['/api/v1/runs/r7/frames', 'unknown-run'],
    [`${at}/frames/7`, 'unknown-picture'],
    [`${at}/frames/x`, 'unknown-picture'],
    ['/api/v1/runs/r7/mask', 'unknown-mask'],
  ] as const) {
    const none = await server.get(path, headers);
    expect([path, none.status, await none.json()]).toEqual([path, 404, { error: { code, message: expect.any(String) } }]);
  }
  for (const path of [`${at}/frames`, `${at}/frames/1`, `${at}/mask`]) expect([path, (await server.get(path)).status]).toEqual([path, 401]);
  screen.close();
});
