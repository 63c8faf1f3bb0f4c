import { Screen } from './screen';
import { Script } from './scripted';
import { serving, stopServing } from './serving';

afterEach(stopServing);

const longestSilence = (screen: Screen): number => {
  const at = screen.heardAt;
  return at.slice(1).reduce((longest, time, index) => Math.max(longest, time - (at[index] ?? time)), 0);
};

it('arrives at least once a second, whatever a screen subscribes to and however little happens', async () => {
  const server = await serving();
  const script = new Script('a');
  const [idle, runsOnly] = [new Screen(server.port), new Screen(server.port, '?stream=a&topics=run')];
  await Promise.all([idle, runsOnly].map((screen) => screen.until(() => screen.of('snapshot').length > 0)));
  const telling = setInterval(() => server.say(script.fate('repeated'), script.stability('r1', 1)), 300);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  clearInterval(telling);
  for (const screen of [idle, runsOnly]) {
    screen.heardAt.push(Date.now());
    expect(longestSilence(screen)).toBeLessThan(1100);
  }
  expect(runsOnly.heardAt.length).toBeLessThan(9);
  [idle, runsOnly].forEach((screen) => screen.close());
});

it('is not sent to a screen that gets other messages all the time', async () => {
  const server = await serving();
  const script = new Script('a');
  const screen = new Screen(server.port, '?stream=a');
  await screen.until(() => screen.of('snapshot').length > 0);
  for (let frame = 0; frame < 15; frame += 1) {
    server.say(script.stability('r1', frame));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(screen.heardAt.length).toBe(screen.heard.length);
  screen.close();
});
