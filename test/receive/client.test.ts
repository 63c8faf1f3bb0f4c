import { Client } from '../../src/receive/client';
import type { ClientEvents } from '../../src/receive/client-events';
import type { Platform } from '../../src/receive/platform';
import type { ClientOptions } from '../../src/receive/subscription';
import { FakePlatform, hello, state } from './fake-platform';

const query = (url: string): URLSearchParams => new URL(url).searchParams;

function startClient(options: Partial<ClientOptions> = {}, ask?: Platform['ask']) {
  const machine = new FakePlatform();
  const client = new Client({ url: 'http://suite:8080/', ...options }, { ...machine.platform, ...(ask && { ask }) });
  const received: string[] = [];
  const problems: ClientEvents['problem'][] = [];
  const connections: ClientEvents['connection'][] = [];
  client.on('message', (message) => received.push(`${message.type} ${message.seq}`));
  client.on('problem', (problem) => problems.push(problem));
  client.on('connection', (connection) => connections.push(connection));
  return { machine, client, received, problems, connections };
}

it('subscribes in the address of the page or of the socket', () => {
  const options = { streams: ['a', 'b & c'], topics: ['mask', 'frame'], token: 'sesame' } as const;
  const { machine } = startClient({ url: 'https://suite/angiocast', ...options });
  expect(machine.socket.url).toBe('wss://suite/angiocast/ws?stream=a&stream=b%20%26%20c&topics=mask%2Cframe');
  expect(machine.socket.subprotocols).toEqual(['angiocast.v1', 'angiocast.token.sesame']);
  expect(startClient({ url: 'ws://suite:1/ws' }).machine.socket.url).toBe('ws://suite:1/ws');
  expect(() => startClient({ token: 'open sesame' })).toThrow('Expected a token of letters, digits');
  expect(() => startClient({ url: 'suite:8080' })).toThrow('Expected an address like http://HOST:PORT/, got suite:8080');
});

it('emits every message by its type, in order', () => {
  const { machine, client, received } = startClient();
  const states: string[] = [];
  const stop = client.on('stream', (message) => states.push(message.state));
  machine.socket.receives(hello(), state(1), { ...state(2), state: 'held' });
  stop();
  machine.socket.receives(state(3));
  expect(received).toEqual(['hello 0', 'stream 1', 'stream 2', 'stream 3']);
  expect(states).toEqual(['live', 'held']);
});

it('reconnects though a server named a stream by a lone surrogate', () => {
  const { machine } = startClient();
  machine.socket.receives(hello(), state(1, 'suite \ud800'));
  machine.socket.breaks();
  machine.pass(250);
  expect(query(machine.socket.url).get('since')).toBe('suite \ufffd:1');
});

it('reconnects with growing pauses, and sends where to resume', () => {
  const { machine, connections } = startClient({ streams: ['a'] });
  machine.socket.receives(hello(), state(7), { ...state(9, 'b') });
  for (const pause of [250, 500, 1000, 2000, 4000, 5000, 5000]) {
    machine.socket.breaks('away');
    expect(connections.at(-1)).toEqual({ state: 'waiting', reason: 'away', retryInMs: pause });
    const before = machine.sockets.length;
    machine.pass(pause - 1);
    expect(machine.sockets).toHaveLength(before);
    machine.pass(1);
    expect(machine.sockets).toHaveLength(before + 1);
  }
  expect(query(machine.socket.url).get('epoch')).toBe('e1');
  expect(query(machine.socket.url).getAll('since')).toEqual(['a:7', 'b:9']);
});

it('starts with a short pause again after a connection that lasted', () => {
  const { machine, connections } = startClient();
  machine.socket.breaks();
  machine.pass(250);
  machine.socket.receives(hello());
  for (let second = 0; second < 20; second += 1) {
    machine.pass(1000);
    machine.socket.receives(state(second));
  }
  machine.socket.breaks();
  expect(connections.at(-1)?.retryInMs).toBe(250);
});

it('drops its position when the server was restarted', () => {
  const { machine, received } = startClient();
  machine.socket.receives(hello(), state(7));
  machine.socket.breaks();
  machine.pass(250);
  machine.socket.receives(hello('e2'), state(1));
  expect(received.at(-1)).toBe('stream 1');
  machine.socket.breaks();
  machine.pass(500);
  expect(query(machine.socket.url).getAll('since')).toEqual(['a:1']);
});

it('leaves out what comes after something newer, but not what a snapshot repeats', () => {
  const { machine, received, problems } = startClient();
  machine.socket.receives(hello(), state(5), state(5), state(4), state(1, 'b'), state(6));
  expect(received).toEqual(['hello 0', 'stream 5', 'stream 1', 'stream 6']);
  expect(problems).toEqual([
    { kind: 'out-of-order', detail: 'stream 5 of a came too late' },
    { kind: 'out-of-order', detail: 'stream 4 of a came too late' },
  ]);
});

it('calls a server silent after 2.5 seconds, and the connection open when it sends again', () => {
  const { machine, client, connections } = startClient();
  machine.socket.receives(hello());
  for (let second = 0; second < 10; second += 1) {
    machine.pass(1000);
    machine.socket.receives({ type: 'alive' });
  }
  expect(connections.at(-1)?.state).toBe('open');
  machine.pass(2499);
  expect(client.connection).toBe('open');
  machine.pass(1);
  expect(connections.at(-1)).toEqual({ state: 'silent', reason: 'the server says nothing', retryInMs: null });
  machine.pass(6000);
  machine.socket.receives({ type: 'alive' });
  expect([connections.at(-1)?.state, machine.sockets.length]).toEqual(['open', 1]);
});

it('polls a server older than 1.1, which sends nothing by itself, and takes answers as a sign of life', () => {
  const { machine, connections } = startClient();
  machine.socket.receives(hello());
  for (let second = 0; second < 30; second += 1) {
    const asked = machine.socket.sent.length;
    machine.pass(1000);
    expect(machine.socket.sent.length).toBeGreaterThan(asked);
    machine.socket.receives({ type: 'clock', t0: machine.time, t1: 0, t2: 0 });
  }
  expect(connections.map(({ state: word }) => word)).not.toContain('silent');
});

it('does not emit that the server is alive', () => {
  const { machine, received, problems } = startClient();
  machine.socket.receives(hello(), { type: 'alive' });
  expect([received, problems]).toEqual([['hello 0'], []]);
});

it('takes a connection for dead when a request stays unanswered and nothing else comes', () => {
  const { machine, connections } = startClient();
  machine.socket.receives(hello());
  const { socket } = machine;
  machine.pass(14_000);
  expect(socket.closed).toBe(false);
  machine.pass(4000);
  expect(socket.closed).toBe(true);
  expect(connections).toContainEqual({ state: 'waiting', reason: 'the server has fallen silent', retryInMs: 250 });
});

it('gives up on a server that never sends hello', () => {
  const { machine } = startClient();
  machine.pass(16_000);
  expect(machine.sockets[0]?.closed).toBe(true);
});

it('does not mistake a page that was put to sleep for a dead connection', () => {
  const { machine, connections } = startClient();
  machine.socket.receives(hello());
  const answer = (): void => machine.socket.receives({ type: 'clock', t0: machine.time, t1: 0, t2: 0 });
  machine.pass(1000);
  answer();
  machine.time += 3_600_000;
  machine.pass(0);
  expect(connections.at(-1)?.state).toBe('open');
  answer();
  machine.pass(5000);
  expect(machine.sockets).toHaveLength(1);
});

it("sets the server's clock by the fastest answer", () => {
  const { machine, client } = startClient();
  expect(client.clock).toBeNull();
  machine.socket.receives(hello());
  machine.pass(0);
  const { time } = machine;
  const server = 5000;
  machine.time = time + 40;
  machine.socket.receives({ type: 'clock', t0: time, t1: time + server + 35, t2: time + server + 35 });
  machine.time = time + 50;
  machine.socket.receives({ type: 'clock', t0: time + 46, t1: time + server + 48, t2: time + server + 48 });
  expect(client.clock).toEqual({ offsetMs: server, roundTripMs: 4 });
  expect(client.now()).toBe(time + 50 + server);
});

it('keeps its clock when a server answers with senseless times', () => {
  const { machine, client } = startClient();
  machine.socket.receives(hello());
  machine.pass(0);
  machine.socket.receives({ type: 'clock', t0: 1e308, t1: machine.time, t2: -1e308 });
  machine.socket.receives({ type: 'clock', t0: -1e308, t1: 1e308, t2: 1e308 });
  expect(client.clock).toBeNull();
  expect(client.now()).toBe(machine.time);
});

it('subscribes again when the subscription changes, also while connecting', () => {
  const { machine, client, received } = startClient({ streams: ['a'] });
  client.subscribe({ streams: ['b'] });
  machine.socket.receives(hello());
  expect(machine.socket.sent).toEqual([{ type: 'subscribe', streams: ['b'], topics: [] }]);
  machine.socket.receives(state(9, 'b'));
  client.subscribe({ topics: ['mask'] });
  expect(machine.socket.sent.at(-1)).toEqual({ type: 'subscribe', streams: ['b'], topics: ['mask'] });
  machine.socket.receives(state(3, 'b'));
  expect(received.at(-1)).toBe('stream 3');
});

it('requests pictures no wider than its maximum until that changes, also when it reconnects', () => {
  const { machine, client } = startClient({ topics: ['frame'], maxWidth: 960 });
  expect(query(machine.socket.url).get('maxWidth')).toBe('960');
  machine.socket.receives(hello());
  client.subscribe({ maxWidth: 640 });
  client.subscribe({ streams: ['a'] });
  expect(machine.socket.sent.map(({ maxWidth }) => maxWidth)).toEqual([640, 640]);
  machine.socket.breaks();
  machine.pass(250);
  expect(query(machine.socket.url).get('maxWidth')).toBe('640');
  machine.socket.receives(hello());
  client.subscribe({ maxWidth: null });
  expect(machine.socket.sent.at(-1)).toEqual({ type: 'subscribe', streams: ['a'], topics: ['frame'] });
  for (const maxWidth of [63, 8193, 96.5, NaN]) {
    expect(() => client.subscribe({ maxWidth })).toThrow(`Expected a maxWidth of a whole number from 64 to 8192, got ${maxWidth}`);
    expect(() => startClient({ maxWidth })).toThrow('Expected a maxWidth');
  }
});

it('reports when a mask was painted', () => {
  const { machine, client } = startClient();
  machine.socket.receives(hello());
  client.painted({ stream: 'a', seq: 12, frame: 3 }, 99);
  client.painted({ stream: null, seq: 12, frame: 3 }, 99);
  expect(machine.socket.sent).toEqual([{ type: 'painted', stream: 'a', seq: 12, frame: 3, paintedAt: 99 }]);
});

it('leaves no timer and no socket behind', () => {
  const { machine, client, connections } = startClient();
  machine.socket.receives(hello());
  client.close();
  expect([machine.waiting, machine.socket.closed, client.connection]).toEqual([0, true, 'closed']);
  machine.pass(60_000);
  expect(machine.sockets).toHaveLength(1);
  expect(connections.at(-1)?.state).toBe('closed');

  const waiting = startClient();
  waiting.machine.socket.breaks();
  waiting.client.close();
  expect(waiting.machine.waiting).toBe(0);
});

it('goes on when a listener throws', () => {
  const { machine, client, received } = startClient();
  client.on('stream', () => {
    throw new Error('mine');
  });
  machine.socket.receives(hello(), state(1), state(2));
  expect(received).toEqual(['hello 0', 'stream 1', 'stream 2']);
  expect(() => machine.pass(0)).toThrow('mine');
});

describe('a socket that closes before the server sends hello', () => {
  const refusal = (code: string, message = 'Expected something') => ({ error: { code, message } });
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

  it('fetches the reason over HTTP, and waits long where only a person can change it', async () => {
    const asked: unknown[] = [];
    const { machine, connections } = startClient(
      { token: 'sesame' },
      (...of) => (asked.push(of), Promise.resolve(refusal('unauthorised', 'Expected a token'))),
    );
    machine.socket.breaks();
    await settle();
    expect(asked).toEqual([['http://suite:8080/ws', 'sesame']]);
    expect(connections.at(-1)).toEqual({ state: 'refused', reason: 'Expected a token', retryInMs: 30_000, code: 'unauthorised' });
    machine.pass(29_999);
    expect(machine.sockets).toHaveLength(1);
    machine.pass(1);
    machine.socket.breaks();
    await settle();
    expect(connections.map(({ state: word }) => word)).toEqual(['waiting', 'refused', 'connecting', 'refused']);
    machine.pass(30_000);
    machine.socket.receives(hello());
    machine.socket.breaks();
    expect(connections.slice(-2).map(({ state: word }) => word)).toEqual(['open', 'waiting']);
  });

  it('tries again soon where there is no room, and names what a proxy may do', async () => {
    let answer: unknown = refusal('full');
    const { machine, connections } = startClient({}, () => Promise.resolve(answer));
    machine.socket.breaks();
    await settle();
    expect(connections.at(-1)).toMatchObject({ state: 'refused', code: 'full', retryInMs: 250 });
    answer = refusal('upgrade-required');
    machine.pass(250);
    machine.socket.breaks();
    await settle();
    expect(connections.at(-1)).toMatchObject({ state: 'waiting', code: 'no-websocket', retryInMs: 500 });
  });

  it('keeps the earlier reason where nobody answers, or another server does', async () => {
    const answers: unknown[] = [refusal('unauthorised'), new Error('nobody there'), refusal('weather'), 'a page', null];
    const { machine, connections } = startClient({}, () => {
      const answer = answers.shift();
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    });
    while (answers.length > 0) {
      machine.socket.breaks('away');
      await settle();
      machine.pass(connections.at(-1)?.retryInMs ?? 0);
    }
    expect(connections.filter(({ state: word }) => word !== 'connecting').map(({ state: word, reason }) => `${word} ${reason}`)).toEqual(
      ['waiting away', 'refused Expected something', 'waiting away', 'waiting away', 'waiting away', 'waiting away'], // prettier-ignore
    );
  });

  it('sends no request once it is closed', async () => {
    const { machine, client, connections } = startClient({}, () => Promise.resolve(refusal('unauthorised')));
    machine.socket.breaks();
    client.close();
    await settle();
    expect([connections.at(-1)?.state, machine.waiting]).toEqual(['closed', 0]);
  });
});
