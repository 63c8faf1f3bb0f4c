import { connect } from '../../src/receive/connect.node';
import { serve, type Served } from '../e2e/serve';
import { feed } from './feeds';
import { sleep, until } from './sleep';
import { keep } from './table';

let served: Served;
beforeAll(async () => {
  served = await serve({
    sources: [`${feed('freezes')}#id=suite&repeat=1`],
    args: ['--model', 'test/fixtures/bundles/tiny', '--provider', 'cpu'],
  });
}, 60_000);
afterAll(async () => {
  served.process.kill('SIGCONT');
  await served.stop();
});

it('counts as silent within three seconds when the program itself hangs, and as back at once when it goes on', async () => {
  const client = connect({ url: served.url });
  const said: (readonly [word: string, at: number])[] = [];
  client.on('connection', ({ state }) => said.push([state, Date.now()]));
  await until('the client is connected', () => client.connection === 'open', 5000);
  await sleep(3000);
  const struckAt = Date.now();
  served.process.kill('SIGSTOP');
  await sleep(8000);
  const endedAt = Date.now();
  served.process.kill('SIGCONT');
  await until('the client hears it again', () => client.connection === 'open', 3000);
  client.close();
  const since = said.filter(([, at]) => at >= struckAt);
  expect(since.map(([word]) => word)).toEqual(['silent', 'open', 'closed']);
  const [[, silentAt = Infinity] = [], [, backAt = Infinity] = []] = since;
  expect(silentAt - struckAt).toBeLessThan(3000);
  keep({
    ...{ fault: 'the program itself hung for 8 s (SIGSTOP)', shown: 'No answer' },
    ...{ detectedMs: silentAt - struckAt, recoveredMs: backAt - endedAt, lost: '0', counted: '—' },
  });
});
