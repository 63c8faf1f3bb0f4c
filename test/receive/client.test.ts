import { Client } from '../../src/receive/client';
import type { ClientEvents } from '../../src/receive/client-events';
import type { Platform } from '../../src/receive/platform';
import type { ClientOptions } from '../../src/receive/subscription';
import { Rehearsal, hello, state } from './platform';

const query = (url: string): URLSearchParams => new URL(url).searchParams;

function meet(options: Partial<ClientOptions> = {}, ask?: Platform['ask']) {
  const rehearsal = new Rehearsal();
  const client = new Client({ url: 'http://suite:8080/', ...options }, { ...rehearsal.platform, ...(ask && { ask }) });
  const heard: string[] = [];
  const problems: ClientEvents['problem'][] = [];
  const connections: ClientEvents['connection'][] = [];
  client.on('message', (message) => heard.push(`${message.type} ${message.seq}`));
  client.on('problem', (problem) => problems.push(problem));
  client.on('connection', (connection) => connections.push(connection));
  return { rehearsal, client, heard, problems, connections };
}

it('asks for what is wished, at the address of the page or of the socket', () => {
  const wish = { streams: ['a', 'b & c'], topics: ['mask', 'frame'], token: 'sesame' } as const;
  const { rehearsal } = meet({ url: 'https://suite/angiocast', ...wish });
  expect(rehearsal.socket.url).toBe('wss://suite/angiocast/ws?stream=a&stream=b%20%26%20c&topics=mask%2Cframe');
  expect(rehearsal.socket.subprotocols).toEqual(['angiocast.v1', 'angiocast.token.sesame']);
  expect(meet({ url: 'ws://suite:1/ws' }).rehearsal.socket.url).toBe('ws://suite:1/ws');
  expect(() => meet({ token: 'open sesame' })).toThrow('Expected a token of letters, digits');
  expect(() => meet({ url: 'suite:8080' })).toThrow('Expected an address like http://HOST:PORT/, got suite:8080');
});

it('tells every message by its type, in order', () => {
  const { rehearsal, client, heard } = meet();
  const states: string[] = [];
  const stop = client.on('stream', (message) => states.push(message.state));
  rehearsal.socket.hears(hello(), state(1), { ...state(2), state: 'held' });
  stop();
  rehearsal.socket.hears(state(3));
  expect(heard).toEqual(['hello 0', 'stream 1', 'stream 2', 'stream 3']);
  expect(states).toEqual(['live', 'held']);
});

it('comes back though a server named a stream by half a character', () => {
  const { rehearsal } = meet();
  rehearsal.socket.hears(hello(), state(1, 'suite \ud800'));
  rehearsal.socket.breaks();
  rehearsal.pass(250);
  expect(query(rehearsal.socket.url).get('since')).toBe('suite \ufffd:1');
});

it('comes back with growing pauses, and says where it was', () => {
  const { rehearsal, connections } = meet({ streams: ['a'] });
  rehearsal.socket.hears(hello(), state(7), { ...state(9, 'b') });
  for (const pause of [250, 500, 1000, 2000, 4000, 5000, 5000]) {
    rehearsal.socket.breaks('away');
    expect(connections.at(-1)).toEqual({ state: 'waiting', reason: 'away', retryInMs: pause });
    const before = rehearsal.sockets.length;
    rehearsal.pass(pause - 1);
    expect(rehearsal.sockets).toHaveLength(before);
    rehearsal.pass(1);
    expect(rehearsal.sockets).toHaveLength(before + 1);
  }
  expect(query(rehearsal.socket.url).get('epoch')).toBe('e1');
  expect(query(rehearsal.socket.url).getAll('since')).toEqual(['a:7', 'b:9']);
});

it('waits only a moment again after a connection that held', () => {
  const { rehearsal, connections } = meet();
  rehearsal.socket.breaks();
  rehearsal.pass(250);
  rehearsal.socket.hears(hello());
  for (let second = 0; second < 20; second += 1) {
    rehearsal.pass(1000);
    rehearsal.socket.hears(state(second));
  }
  rehearsal.socket.breaks();
  expect(connections.at(-1)?.retryInMs).toBe(250);
});

it('forgets its place when the server began anew', () => {
  const { rehearsal, heard } = meet();
  rehearsal.socket.hears(hello(), state(7));
  rehearsal.socket.breaks();
  rehearsal.pass(250);
  rehearsal.socket.hears(hello('e2'), state(1));
  expect(heard.at(-1)).toBe('stream 1');
  rehearsal.socket.breaks();
  rehearsal.pass(500);
  expect(query(rehearsal.socket.url).getAll('since')).toEqual(['a:1']);
});

it('leaves out what comes after something newer, but not what a snapshot sums up anew', () => {
  const { rehearsal, heard, problems } = meet();
  rehearsal.socket.hears(hello(), state(5), state(5), state(4), state(1, 'b'), state(6));
  expect(heard).toEqual(['hello 0', 'stream 5', 'stream 1', 'stream 6']);
  expect(problems).toEqual([
    { kind: 'out-of-order', detail: 'stream 5 of a came too late' },
    { kind: 'out-of-order', detail: 'stream 4 of a came too late' },
  ]);
});

it('calls a server gone that says nothing for 2.5 seconds, and believes the same connection when it speaks again', () => {
  const { rehearsal, client, connections } = meet();
  rehearsal.socket.hears(hello());
  for (let second = 0; second < 10; second += 1) {
    rehearsal.pass(1000);
    rehearsal.socket.hears({ type: 'alive' });
  }
  expect(connections.at(-1)?.state).toBe('open');
  rehearsal.pass(2499);
  expect(client.connection).toBe('open');
  rehearsal.pass(1);
  expect(connections.at(-1)).toEqual({ state: 'silent', reason: 'the server says nothing', retryInMs: null });
  rehearsal.pass(6000);
  rehearsal.socket.hears({ type: 'alive' });
  expect([connections.at(-1)?.state, rehearsal.sockets.length]).toEqual(['open', 1]);
});

it('asks a server of before 1.1, which says nothing unasked, and is content with its answers', () => {
  const { rehearsal, connections } = meet();
  rehearsal.socket.hears(hello());
  for (let second = 0; second < 30; second += 1) {
    const asked = rehearsal.socket.said.length;
    rehearsal.pass(1000);
    expect(rehearsal.socket.said.length).toBeGreaterThan(asked);
    rehearsal.socket.hears({ type: 'clock', t0: rehearsal.time, t1: 0, t2: 0 });
  }
  expect(connections.map(({ state: word }) => word)).not.toContain('silent');
});

it('says nothing of it to whoever listens that the server is alive', () => {
  const { rehearsal, heard, problems } = meet();
  rehearsal.socket.hears(hello(), { type: 'alive' });
  expect([heard, problems]).toEqual([['hello 0'], []]);
});

it('believes that a connection is dead when a question stays unanswered and nothing else comes', () => {
  const { rehearsal, connections } = meet();
  rehearsal.socket.hears(hello());
  const { socket } = rehearsal;
  rehearsal.pass(14_000);
  expect(socket.closed).toBe(false);
  rehearsal.pass(4000);
  expect(socket.closed).toBe(true);
  expect(connections).toContainEqual({ state: 'waiting', reason: 'the server has fallen silent', retryInMs: 250 });
});

it('gives up on a server that never says hello', () => {
  const { rehearsal } = meet();
  rehearsal.pass(16_000);
  expect(rehearsal.sockets[0]?.closed).toBe(true);
});

it('does not mistake a page that was put to sleep for a dead connection', () => {
  const { rehearsal, connections } = meet();
  rehearsal.socket.hears(hello());
  const answer = (): void => rehearsal.socket.hears({ type: 'clock', t0: rehearsal.time, t1: 0, t2: 0 });
  rehearsal.pass(1000);
  answer();
  rehearsal.time += 3_600_000;
  rehearsal.pass(0);
  expect(connections.at(-1)?.state).toBe('open');
  answer();
  rehearsal.pass(5000);
  expect(rehearsal.sockets).toHaveLength(1);
});

it("knows the server's clock by the fastest answer", () => {
  const { rehearsal, client } = meet();
  expect(client.clock).toBeNull();
  rehearsal.socket.hears(hello());
  rehearsal.pass(0);
  const { time } = rehearsal;
  const server = 5000;
  rehearsal.time = time + 40;
  rehearsal.socket.hears({ type: 'clock', t0: time, t1: time + server + 35, t2: time + server + 35 });
  rehearsal.time = time + 50;
  rehearsal.socket.hears({ type: 'clock', t0: time + 46, t1: time + server + 48, t2: time + server + 48 });
  expect(client.clock).toEqual({ offsetMs: server, roundTripMs: 4 });
  expect(client.now()).toBe(time + 50 + server);
});

it('keeps its time when a server answers with times that tell nothing', () => {
  const { rehearsal, client } = meet();
  rehearsal.socket.hears(hello());
  rehearsal.pass(0);
  rehearsal.socket.hears({ type: 'clock', t0: 1e308, t1: rehearsal.time, t2: -1e308 });
  rehearsal.socket.hears({ type: 'clock', t0: -1e308, t1: 1e308, t2: 1e308 });
  expect(client.clock).toBeNull();
  expect(client.now()).toBe(rehearsal.time);
});

it('asks anew when the wish changes, also while the connection is being made', () => {
  const { rehearsal, client, heard } = meet({ streams: ['a'] });
  client.subscribe({ streams: ['b'] });
  rehearsal.socket.hears(hello());
  expect(rehearsal.socket.said).toEqual([{ type: 'subscribe', streams: ['b'], topics: [] }]);
  rehearsal.socket.hears(state(9, 'b'));
  client.subscribe({ topics: ['mask'] });
  expect(rehearsal.socket.said.at(-1)).toEqual({ type: 'subscribe', streams: ['b'], topics: ['mask'] });
  rehearsal.socket.hears(state(3, 'b'));
  expect(heard.at(-1)).toBe('stream 3');
});

it('asks for pictures no wider than wished, until it is told otherwise, also when it comes back', () => {
  const { rehearsal, client } = meet({ topics: ['frame'], maxWidth: 960 });
  expect(query(rehearsal.socket.url).get('maxWidth')).toBe('960');
  rehearsal.socket.hears(hello());
  client.subscribe({ maxWidth: 640 });
  client.subscribe({ streams: ['a'] });
  expect(rehearsal.socket.said.map(({ maxWidth }) => maxWidth)).toEqual([640, 640]);
  rehearsal.socket.breaks();
  rehearsal.pass(250);
  expect(query(rehearsal.socket.url).get('maxWidth')).toBe('640');
  rehearsal.socket.hears(hello());
  client.subscribe({ maxWidth: null });
  expect(rehearsal.socket.said.at(-1)).toEqual({ type: 'subscribe', streams: ['a'], topics: ['frame'] });
  for (const maxWidth of [63, 8193, 96.5, NaN]) {
    expect(() => client.subscribe({ maxWidth })).toThrow(`Expected a maxWidth of a whole number from 64 to 8192, got ${maxWidth}`);
    expect(() => meet({ maxWidth })).toThrow('Expected a maxWidth');
  }
});

it('tells when a mask was painted', () => {
  const { rehearsal, client } = meet();
  rehearsal.socket.hears(hello());
  client.painted({ stream: 'a', seq: 12, frame: 3 }, 99);
  client.painted({ stream: null, seq: 12, frame: 3 }, 99);
  expect(rehearsal.socket.said).toEqual([{ type: 'painted', stream: 'a', seq: 12, frame: 3, paintedAt: 99 }]);
});

it('leaves no timer and no socket behind', () => {
  const { rehearsal, client, connections } = meet();
  rehearsal.socket.hears(hello());
  client.close();
  expect([rehearsal.waiting, rehearsal.socket.closed, client.connection]).toEqual([0, true, 'closed']);
  rehearsal.pass(60_000);
  expect(rehearsal.sockets).toHaveLength(1);
  expect(connections.at(-1)?.state).toBe('closed');

  const waiting = meet();
  waiting.rehearsal.socket.breaks();
  waiting.client.close();
  expect(waiting.rehearsal.waiting).toBe(0);
});

it('goes on when a listener throws', () => {
  const { rehearsal, client, heard } = meet();
  client.on('stream', () => {
    throw new Error('mine');
  });
  rehearsal.socket.hears(hello(), state(1), state(2));
  expect(heard).toEqual(['hello 0', 'stream 1', 'stream 2']);
  expect(() => rehearsal.pass(0)).toThrow('mine');
});

describe('a socket that closes before the server says hello', () => {
  const said = (code: string, message = 'Expected something') => ({ error: { code, message } });
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

  it('asks over HTTP why, and waits long where only somebody can change that', async () => {
    const asked: unknown[] = [];
    const { rehearsal, connections } = meet(
      { token: 'sesame' },
      (...of) => (asked.push(of), Promise.resolve(said('unauthorised', 'Expected a token'))),
    );
    rehearsal.socket.breaks();
    await settle();
    expect(asked).toEqual([['http://suite:8080/ws', 'sesame']]);
    expect(connections.at(-1)).toEqual({ state: 'refused', reason: 'Expected a token', retryInMs: 30_000, code: 'unauthorised' });
    rehearsal.pass(29_999);
    expect(rehearsal.sockets).toHaveLength(1);
    rehearsal.pass(1);
    rehearsal.socket.breaks();
    await settle();
    expect(connections.map(({ state: word }) => word)).toEqual(['waiting', 'refused', 'connecting', 'refused']);
    rehearsal.pass(30_000);
    rehearsal.socket.hears(hello());
    rehearsal.socket.breaks();
    expect(connections.slice(-2).map(({ state: word }) => word)).toEqual(['open', 'waiting']);
  });

  it('tries again soon where there is no room, and says what a proxy may do', async () => {
    let answer: unknown = said('full');
    const { rehearsal, connections } = meet({}, () => Promise.resolve(answer));
    rehearsal.socket.breaks();
    await settle();
    expect(connections.at(-1)).toMatchObject({ state: 'refused', code: 'full', retryInMs: 250 });
    answer = said('upgrade-required');
    rehearsal.pass(250);
    rehearsal.socket.breaks();
    await settle();
    expect(connections.at(-1)).toMatchObject({ state: 'waiting', code: 'no-websocket', retryInMs: 500 });
  });

  it('says what it knew before where nobody answers, or somebody else does', async () => {
    const answers: unknown[] = [said('unauthorised'), new Error('nobody there'), said('weather'), 'a page', null];
    const { rehearsal, connections } = meet({}, () => {
      const answer = answers.shift();
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    });
    while (answers.length > 0) {
      rehearsal.socket.breaks('away');
      await settle();
      rehearsal.pass(connections.at(-1)?.retryInMs ?? 0);
    }
    expect(connections.filter(({ state: word }) => word !== 'connecting').map(({ state: word, reason }) => `${word} ${reason}`)).toEqual(
      ['waiting away', 'refused Expected something', 'waiting away', 'waiting away', 'waiting away', 'waiting away'], // prettier-ignore
    );
  });

  it('asks no more once it is closed', async () => {
    const { rehearsal, client, connections } = meet({}, () => Promise.resolve(said('unauthorised')));
    rehearsal.socket.breaks();
    client.close();
    await settle();
    expect([connections.at(-1)?.state, rehearsal.waiting]).toEqual(['closed', 0]);
  });
});
