import fc from 'fast-check';
import { topics } from '../../src/protocol/messages';
import { parseServerMessage } from '../../src/protocol/parse-server-message';
import { Screen } from '../push/screen';
import { Script } from '../push/scripted';
import { serving, stopServing } from '../push/serving';

afterEach(stopServing);

/** A whole message of each kind that the tables below bend. */
const invalid = { type: 'invalid', seq: 4, stream: 'a', at: 1, run: 'r1', frame: 3, reason: 'new-run' };
const frame = { type: 'frame', seq: 5, stream: 'a', at: 1, run: null, frame: null, capturedAt: 1, width: 8, height: 8 };
const jpeg = { ...frame, encodedWidth: 8, encodedHeight: 8, encoding: 'jpeg', repeated: false };

it('parses every message of the server, field by field', async () => {
  const server = await serving();
  const screen = new Screen(server.port, `?stream=a&topics=${topics.join(',')}`);
  await screen.until(() => screen.of('snapshot').length === 1);
  const s = new Script('a');
  server.say(s.state('live', 'pictures arrive'), s.picture(), s.run('r1', 'started', 2), s.frame('r1', 3));
  server.say(s.stability('r1', 0), s.stability('r1', 3), s.keyFrame('r1', 3, 'final'), s.mask('r1', 3, 'final'));
  screen.say({ type: 'clock', t0: 5 });
  screen.say('nonsense');
  await screen.until(() => ['frame', 'mask', 'clock', 'error'].every((type) => screen.of(type).length > 0));
  screen.say({ type: 'subscribe', topics: ['mask'] });
  await screen.until(() => screen.of('snapshot').length === 3);
  server.say(s.invalid('r1', 3, 'superseded'));
  await screen.until(() => screen.of('invalid').length === 1);
  for (const { payload: _payload, ...said } of screen.heard) expect(parseServerMessage(said)).toEqual({ kind: 'message', message: said });
  screen.close();
});

it('keeps what a later server adds to a message', () => {
  const later = { ...invalid, because: 'the table moved' };
  expect(parseServerMessage(later)).toEqual({ kind: 'message', message: later });
});

it('keeps only the type of an unknown message', () => {
  for (const type of ['weather', 'constructor', '__proto__', ''])
    expect(parseServerMessage({ ...invalid, type })).toEqual({ kind: 'unknown', type });
});

it.each([
  [null, null, 'message', 'an object'],
  [[], null, 'message', 'an object'],
  ['{}', null, 'message', 'an object'],
  [{ seq: 1 }, null, 'type', 'a text'],
  [{ ...invalid, type: 7 }, null, 'type', 'a text'],
  [{ ...invalid, seq: -1 }, 'invalid', 'seq', 'at least 0'],
  [{ ...invalid, seq: 1.5 }, 'invalid', 'seq', 'a whole number'],
  [{ ...invalid, stream: null }, 'invalid', 'stream', 'a text'],
  [{ ...invalid, at: Infinity }, 'invalid', 'at', 'a finite number'],
  [{ ...invalid, reason: 'weather' }, 'invalid', 'reason', 'one of new-run, scene-change, source-lost, superseded'],
  [{ ...jpeg, width: 0 }, 'frame', 'width', 'at least 1'],
  [{ ...jpeg, height: 16385 }, 'frame', 'height', 'at most 16384'],
  [{ ...jpeg, run: undefined }, 'frame', 'run', 'a text'],
  [{ ...jpeg, repeated: true }, 'frame', 'repeated', 'false'],
  [{ ...jpeg, encoding: 'gif' }, 'frame', 'encoding', 'one of jpeg, png'],
  [{ type: 'clock', seq: 1, stream: null, at: 1, t0: 1, t1: 2, t2: 3 }, 'clock', 'seq', '0'],
  [{ type: 'clock', seq: 0, stream: 'a', at: 1, t0: 1, t1: 2, t2: 3 }, 'clock', 'stream', 'null'],
])('refuses %j with the place and what was expected', (said, type, where, expected) => {
  expect(parseServerMessage(said)).toEqual({ kind: 'malformed', type, where, expected });
});

it('names the place inside a mask, where a point is no point', async () => {
  const server = await serving();
  const screen = new Screen(server.port, '?stream=a');
  const s = new Script('a');
  await screen.until(() => screen.of('snapshot').length === 1);
  server.say(s.mask('r1', 3, 'final'));
  await screen.until(() => screen.of('mask').length === 1);
  const [mask] = screen.of('mask') as unknown as readonly { readonly lesions: readonly { readonly contour: unknown[] }[] }[];
  mask?.lesions[0]?.contour.push([1, 2, 3]);
  expect(parseServerMessage(mask)).toEqual({
    kind: 'malformed',
    type: 'mask',
    where: 'lesions.0.contour.4',
    expected: 'at most 2 entries',
  });
  screen.close();
});

it('throws at nothing, whatever arrives', () => {
  const types = fc.constantFrom('hello', 'snapshot', 'mask', 'frame', 'loss', 'clock', 'x');
  const messages = fc.tuple(types, fc.dictionary(fc.string(), fc.jsonValue())).map(([type, rest]) => ({ ...rest, type }));
  fc.assert(fc.property(fc.oneof(fc.jsonValue(), messages), (value) => parseServerMessage(value).kind !== undefined));
});
