import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { withTables } from '../../scripts/protocol-tables';
import { clientMessages } from '../../src/protocol/client-message';
import { serverMessages, topics } from '../../src/protocol/messages';
import { encodeBinary, encodeText } from '../../src/push/websocket/encode-message.node';
import { toMaskMessage } from '../../src/push/websocket/to-message';
import { Script } from './scripted';

const document = readFileSync(join(__dirname, '../../docs/protocol.md'), 'utf8');

it('has the tables that the schemas give, and all of them', () => {
  const write = 'npm run docs:protocol';
  expect({ write, document: withTables(document) }).toEqual({ write, document });
  for (const type of Object.keys({ ...serverMessages, ...clientMessages }))
    expect(document).toMatch(new RegExp(`^(\\[?|\\*\\*)\`${type}\``, 'm'));
});

it('names every topic', () => expect(document).toContain(`topics=${topics.join(',')}`));

it('gives decoders that read what the server sends', () => {
  const code = [...document.matchAll(/```js\n(.*?)```/gs)].map(([, block]) => block).join('\n');
  const { decode, decodeMask } = runInThisContext(`(() => { ${code}; return { decode, decodeMask }; })()`) as {
    decode(data: unknown): { type: string; seq: number; payload: Uint8Array | null };
    decodeMask(message: object): Uint8Array;
  };
  const event = new Script('ä', () => 1).mask('r1', 3, 'final');
  if (event.kind !== 'mask') throw new Error('Expected a mask');
  const envelope = { seq: 7, stream: 'ä', at: 1 };
  const bytes = encodeBinary(envelope, toMaskMessage(event, 2, 'c'.repeat(32)), event.mask.runLengths);
  const mask = decode(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  expect(mask).toMatchObject({ type: 'mask', seq: 7, stream: 'ä' });
  expect(decodeMask(mask).reduce((sum, value) => sum + value, 0)).toBe(64 * 64);
  expect(decode(encodeText(envelope, { type: 'stream', state: 'live', reason: '' }).toString())).toMatchObject({
    type: 'stream',
    payload: null,
  });
});
