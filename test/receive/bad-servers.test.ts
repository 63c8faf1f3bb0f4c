import fc from 'fast-check';
import { encodeRunLengths } from '../../src/mask/run-length';
import { encodeBinary } from '../../src/push/websocket/encode-message.node';
import { toMaskMessage } from '../../src/push/websocket/to-message';
import { decode } from '../../src/receive/decode';
import { Script } from '../push/scripted';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const read = (data: unknown): string => {
  const decoded = decode(data, text);
  return decoded.kind === 'problem' ? `${decoded.problem.kind}: ${decoded.problem.detail}` : decoded.message.type;
};
const buffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;
const envelope = { seq: 1, stream: 'a', at: 1 };

function mask(runLengths: Uint8Array): ArrayBuffer {
  const event = new Script('a', () => 1).mask('r1', 3, 'final');
  if (event.kind !== 'mask') throw new Error('Expected a mask');
  return buffer(encodeBinary(envelope, toMaskMessage(event, 2, 'c'.repeat(32)), runLengths));
}

describe('what a server should not send', () => {
  it.each([
    ['', 'malformed: no JSON'],
    ['{', 'malformed: no JSON'],
    ['null', 'malformed: message: message: expected an object'],
    ['[1]', 'malformed: message: message: expected an object'],
    ['{"type":"weather","seq":1,"stream":"a","at":1}', 'unknown: a message of type weather'],
    [new ArrayBuffer(0), 'malformed: a binary message of 0 bytes is cut short'],
    [new ArrayBuffer(3), 'malformed: a binary message of 3 bytes is cut short'],
    [buffer(Uint8Array.of(255, 255, 255, 255, 1)), 'malformed: a binary message of 5 bytes is cut short'],
    [buffer(Uint8Array.of(1, 0, 0, 0, 123)), 'malformed: no JSON'],
    [7, 'malformed: neither text nor binary'],
    [new ArrayBuffer(33 * 1024 * 1024), 'oversized: a message of 33 MiB'],
    [' '.repeat(33 * 1024 * 1024), 'oversized: a message of 33 MiB'],
  ])('is reported, case %#', (data, expected) => expect(read(data)).toBe(expected));

  it('is reported for a mask whose run lengths do not add up', () => {
    const grid = new Uint8Array(256 * 256);
    expect(read(mask(encodeRunLengths(grid)))).toBe('mask');
    const wrong = /^mask: mask of run r1, frame 3: Expected run lengths of 65536 pixels in total, got/;
    expect(read(mask(encodeRunLengths(grid.subarray(1))))).toMatch(wrong);
    expect(read(mask(Uint8Array.of(255, 255, 255, 255, 255, 255)))).toMatch(/^mask: /);
  });

  it('is reported, whatever it is', () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map(buffer);
    const words = fc.oneof(fc.string(), fc.json());
    fc.assert(fc.property(fc.oneof(bytes, words, fc.anything()), (data) => expect(decode(data, text).kind).toBe('problem')));
  });
});
