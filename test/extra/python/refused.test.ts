import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { root } from '../../e2e/serve';
import { serving, stopServing } from '../../push/serving';
import { needs } from '../needs';
import { readerNeeds } from './reader-needs';

needs(readerNeeds);
afterEach(stopServing);

it.each([
  ['no token', [], '', /^refused with 401: Expected a token\n$/],
  ['a wrong token', ['--token', 'not-the-right-one'], '', /^refused with 401: Expected a token\n$/],
  ['another address', ['--token', 'let-me-read-this'], '/elsewhere', /^refused with 404: Expected \/ws\n$/],
])(
  'a reader in Python that is refused for %s prints why and ends',
  async (_, more, place, words) => {
    const server = await serving({ token: 'let-me-read-this' });
    const reader = spawn('python3', ['examples/reader.py', `ws://127.0.0.1:${server.port}${place}`, ...more], { cwd: root });
    const ended = new Promise((resolve) => reader.once('exit', resolve));
    const [out, err] = await Promise.all([text(reader.stdout), text(reader.stderr)]);
    expect([err, await ended]).toEqual(['', 1]);
    expect(out).toMatch(words);
  },
  30_000,
);
