import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { maskAnnouncement } from '../../src/push/announcement';
import { topics, type ServerMessage } from '../../src/push/protocol';
import { binary, text } from '../../src/push/wire.node';
import { Script } from './scripted';

const document = readFileSync(join(__dirname, '../../docs/protocol.md'), 'utf8');
const types: Record<ServerMessage['type'], true> = {
  hello: true,
  snapshot: true,
  stream: true,
  run: true,
  stability: true,
  keyframe: true,
  mask: true,
  invalid: true,
  frame: true,
  loss: true,
  clock: true,
  error: true,
};

it('tells screen developers of every message and every topic', () => {
  for (const type of Object.keys(types)) expect(document).toContain(`\n| \`${type}\` |`);
  expect(document).toContain(`topics=${topics.join(',')}`);
});

it('gives decoders that read what the server sends', () => {
  const code = [...document.matchAll(/```js\n(.*?)```/gs)].map(([, block]) => block).join('\n');
  const { decode, decodeMask } = runInThisContext(`(() => { ${code}; return { decode, decodeMask }; })()`) as {
    decode(data: unknown): { type: string; seq: number; payload: Uint8Array | null };
    decodeMask(message: object): Uint8Array;
  };
  const event = new Script('ä', () => 1).mask('r1', 3, 'final');
  if (event.kind !== 'mask') throw new Error('Expected a mask');
  const envelope = { seq: 7, stream: 'ä', at: 1 };
  const bytes = binary(envelope, maskAnnouncement(event, 2), event.mask.runLengths);
  const mask = decode(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  expect(mask).toMatchObject({ type: 'mask', seq: 7, stream: 'ä' });
  expect(decodeMask(mask).reduce((sum, value) => sum + value, 0)).toBe(64 * 64);
  expect(decode(text(envelope, { type: 'stream', state: 'live', reason: '' }).toString())).toMatchObject({ type: 'stream', payload: null });
});
