import { rtspServer, stopRtspServers } from '../support/rtsp-answer';
import { type Served, freePort, serve } from './serve';
import { smallFeed } from './small-feeds';

let served: Served;
afterEach(async () => {
  await served.stop();
  stopRtspServers();
});

interface Row {
  readonly id: string;
  readonly state: string;
  readonly reason: string;
  readonly detail?: string;
}

it('reports why each stream has no pictures in the words of the contract, and in a sentence', async () => {
  const port = await freePort();
  const at = async (answer: string): Promise<string> => `rtsp://doctor:S3cret@127.0.0.1:${await rtspServer(answer)}/live`;
  const cases: readonly (readonly [id: string, uri: string, state: string, reason: string, detail: RegExp])[] = [
    ['nobody', `rtsp://127.0.0.1:${port}/live`, 'lost', 'refused', /: connection refused$/],
    ['busy', await at('503 Service Unavailable'), 'lost', 'refused', /: the server reports an error$/],
    ['password', await at('401 Unauthorized'), 'lost', 'unauthorised', /^rtsp:\/\/\*\*\*@.*: user name or password refused$/],
    ['forbidden', await at('403 Forbidden'), 'lost', 'unauthorised', /: access forbidden$/],
    ['path', await at('404 Not Found'), 'lost', 'not found', /: the server knows no such stream$/],
    ['host', 'rtsp://nowhere.invalid/live', 'lost', 'not found', /: no such host$/],
    ['card', 'v4l2:/dev/video97', 'lost', 'no such device', /: no such file or device$/],
    ['null', 'v4l2:/dev/null', 'lost', 'no such device', /: not a capture device$/],
    ['screen', 'x11grab::97.0', 'lost', 'no such device', /: no such display$/],
    ['file', 'file:nothing.mp4', 'ended', 'not found', /^file:nothing\.mp4: no such file or device$/],
    ['folder', 'file:/tmp', 'ended', 'file:/tmp: a folder, not a recording', /^$/],
  ];
  served = await serve({ sources: [`${smallFeed()}&id=suite`, ...cases.map(([id, uri]) => `${uri}#id=${id}`)] });
  const { client } = served;
  const rows = async (): Promise<readonly Row[]> => JSON.parse((await served.get('/api/v1/streams')).body) as Row[];
  const shown = ({ id, state, reason, detail = '' }: Row): string => `${id} ${state} ${reason} (${detail})`;
  const expected = cases.map(([id, , state, reason, detail]) => [id, state, reason, expect.stringMatching(detail) as string]);
  const deadline = performance.now() + 30_000;
  for (;;) {
    const told = (await rows()).filter(({ id }) => id !== 'suite');
    if (told.every(({ state }) => state === 'lost' || state === 'ended') || performance.now() > deadline) {
      expect(told.map(({ id, state, reason, detail = '' }) => [id, state, reason, detail])).toEqual(expected);
      // Screens get the same.
      for (const row of told)
        expect(client.messages.filter(({ stream, type }) => stream === row.id && type === 'stream').map((said) => shown({ ...(said as unknown as Row), id: row.id }))).toContain(shown(row)); // prettier-ignore
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  // Tried again and again, it keeps its reason.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  expect((await rows()).find(({ id }) => id === 'nobody')).toMatchObject({ state: 'lost', reason: 'refused' });
  expect(client.messages.filter(({ stream, type }) => stream === 'nobody' && type === 'stream').length).toBeLessThanOrEqual(2);
  expect(served.log()).not.toContain('S3cret');
}, 120_000);
