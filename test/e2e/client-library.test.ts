import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Script } from '../push/scripted';
import { serving, stopServing } from '../push/serving';

const root = path.join(__dirname, '../..');
const built = (name: string): string => readFileSync(path.join(root, 'dist', name), 'utf8');

afterEach(stopServing);

it('needs nothing but the WebSocket of the platform, or ws', () => {
  expect([...built('client.node.cjs').matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name)).toEqual(['ws']);
  expect(built('view/client.js')).not.toMatch(/\bimport\s*[({"'*]|\brequire\(/);
});

it('is there for pages from anywhere', async () => {
  const server = await serving({ viewFolder: path.join(root, 'dist/view') });
  const { headers } = await server.get('/client.js');
  expect(headers.get('content-type')).toMatch(/^text\/javascript/);
  expect(headers.get('access-control-allow-origin')).toBe('*');
  expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  const page = (await server.get('/')).headers;
  expect(page.get('access-control-allow-origin')).toBeNull();
  expect(page.get('cross-origin-resource-policy')).toBe('same-origin');
});

it.each([
  [['a-wrong-token'], '', 401, 'a token is needed'],
  [['let-me-read-this'], 'elsewhere/', 404, 'no angiocast is there'],
])(
  'ends the program of the examples, with the reason, when it is refused: %j %s',
  async (token, place, status, why) => {
    const server = await serving({ token: 'let-me-read-this' });
    const program = spawn(process.execPath, ['examples/log-key-frames.mjs', `http://127.0.0.1:${server.port}/${place}`, ...token], {
      cwd: root,
    });
    let said = '';
    for (const output of [program.stdout, program.stderr]) output.on('data', (text: Buffer) => (said += text.toString()));
    expect(await new Promise((resolve) => program.once('exit', resolve))).toBe(1);
    expect(said).toContain(`refused with ${status}: ${why}`);
  },
  20_000,
);

it('logs key frames and masks with the program of the examples', async () => {
  const server = await serving();
  const script = new Script('a');
  const program = spawn(process.execPath, ['examples/log-key-frames.mjs', `http://127.0.0.1:${server.port}/`], { cwd: root });
  let said = '';
  for (const output of [program.stdout, program.stderr]) output.on('data', (text: Buffer) => (said += text.toString()));
  const until = async (words: string): Promise<void> => {
    while (!said.includes(words)) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await until('connection open');
  server.say(script.state('live'), script.picture(), script.run('r1', 'started', 2));
  server.say(script.keyFrame('r1', 1, 'stabilised'), script.mask('r1', 1, 'stabilised'));
  await until('r1: mask of frame 1');
  expect(said).toContain('a is live');
  expect(said).toMatch(/r1: frame 1 stabilised, \d+ ms after it was captured/);
  expect(said).toMatch(/r1: mask of frame 1, 6\.3 % of the image, lesions about 21 mm, published \d+ ms after the deciding frame/);
  program.kill('SIGINT');
  const code = await new Promise((resolve) => program.once('exit', resolve));
  expect(code).toBe(0);
}, 20_000);
