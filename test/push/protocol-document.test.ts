import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import * as z from 'zod/mini';
import { clientMessages } from '../../src/protocol/client-message';
import { serverMessages, topics } from '../../src/protocol/messages';
import { asyncApi } from '../../src/push/http/asyncapi';
import { encodeBinary, encodeText } from '../../src/push/websocket/encode-message.node';
import { toMaskMessage } from '../../src/push/websocket/to-message';
import type { SocketDescription } from '../support/described';
import { Script } from './scripted';

const document = readFileSync(join(__dirname, '../../docs/protocol.md'), 'utf8');
const { schemas } = (JSON.parse(JSON.stringify(asyncApi('1.2.3', false))) as SocketDescription).components;
const envelope = ['type', 'seq', 'stream', 'at'];

/** The row of a table that begins with `name`. */
const rowOf = (name: string): string => new RegExp(`^\\| \`${name}\` \\|.*$`, 'm').exec(document)?.[0] ?? '';
const fieldsOf = (schema: object): readonly string[] => Object.keys((schema as { readonly properties: object }).properties);
const names = (text: string): readonly string[] => [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? '');

it('tells screen developers of every message with every field of it, and of every topic', () => {
  for (const [type, schema] of Object.entries(serverMessages)) {
    const told = names(rowOf(type));
    expect([type, fieldsOf(z.toJSONSchema(schema)).filter((field) => ![...envelope, ...told].includes(field))]).toEqual([type, []]);
  }
  expect(document).toContain(`topics=${topics.join(',')}`);
});

it('explains every field that a message, or what stands in one, can have, and none that there is not', () => {
  const tables = document.slice(document.indexOf('### What the fields mean'), document.indexOf("### The mask's payload"));
  const rows = [...tables.matchAll(/^\| (`.*)$/gm)].map(([, row = '']) => row);
  const explained = rows.flatMap((row) => names(row.split(' | ')[0]?.replace(/ of .*/, '') ?? ''));
  const inside = rows.flatMap((row) => [...row.matchAll(/`\{([\w, ]+)\}`/g)].flatMap(([, list = '']) => list.split(', ')));
  const server = Object.entries(schemas).flatMap(([name, schema]) => (name.startsWith('Client') ? [] : fieldsOf(schema)));
  expect([...new Set(server)].filter((field) => ![...explained, ...inside].includes(field))).toEqual([]);
  expect([...explained, ...inside].filter((field) => !server.includes(field))).toEqual([]);
});

it('shows every message that a screen may send, with every field', () => {
  const shown = [...document.matchAll(/^\| `(\{"type".*?\})` \|/gm)].map(([, json = '']) => json);
  const types = shown.map((json) => /"type":"(\w+)"/.exec(json)?.[1]);
  expect(types.sort()).toEqual(Object.keys(clientMessages).sort());
  for (const [type, schema] of Object.entries(clientMessages)) {
    const json = shown.find((text) => text.includes(`"type":"${type}"`)) ?? '';
    expect([type, fieldsOf(z.toJSONSchema(schema)).filter((field) => !json.includes(`"${field}"`))]).toEqual([type, []]);
  }
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
  const bytes = encodeBinary(envelope, toMaskMessage(event, 2, 'c'.repeat(32)), event.mask.runLengths);
  const mask = decode(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  expect(mask).toMatchObject({ type: 'mask', seq: 7, stream: 'ä' });
  expect(decodeMask(mask).reduce((sum, value) => sum + value, 0)).toBe(64 * 64);
  expect(decode(encodeText(envelope, { type: 'stream', state: 'live', reason: '' }).toString())).toMatchObject({
    type: 'stream',
    payload: null,
  });
});
