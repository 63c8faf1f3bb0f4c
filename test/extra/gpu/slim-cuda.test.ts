import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needs } from '../needs';

needs({ check: 'command -v python3', install: 'python3' });

const folder = mkdtempSync(join(tmpdir(), 'slim-'));
const library = join(folder, 'lib.so');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A fatbinary entry: a header of 64 bytes, then device code. */
function entry(architecture: number, code: string): Buffer {
  const head = Buffer.alloc(64);
  head.writeUInt16LE(2, 0);
  head.writeUInt32LE(64, 4);
  head.writeBigUInt64LE(BigInt(code.length), 8);
  head.writeUInt32LE(architecture, 28);
  return Buffer.concat([head, Buffer.from(code)]);
}

function container(...entries: readonly Buffer[]): Buffer {
  const body = Buffer.concat(entries);
  const head = Buffer.alloc(16);
  head.writeUInt32LE(0xba55ed50, 0);
  head.writeUInt16LE(16, 6);
  head.writeBigUInt64LE(BigInt(body.length), 8);
  return Buffer.concat([head, body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
}

/** A 64-bit ELF file of three sections: none, the names, and the device code. */
function elf(code: Buffer): Buffer {
  const names = Buffer.from('\0.shstrtab\0.nv_fatbin\0');
  const header = Buffer.alloc(64);
  Buffer.from('\x7fELF\x02\x01\x01', 'latin1').copy(header);
  header.writeBigUInt64LE(BigInt(64 + names.length + code.length), 40);
  header.writeUInt16LE(64, 58);
  header.writeUInt16LE(3, 60);
  header.writeUInt16LE(1, 62);
  const section = (name: number, offset: number, size: number): Buffer => {
    const at = Buffer.alloc(64);
    at.writeUInt32LE(name, 0);
    at.writeBigUInt64LE(BigInt(offset), 24);
    at.writeBigUInt64LE(BigInt(size), 32);
    return at;
  };
  const sections = [section(0, 0, 0), section(1, 64, names.length), section(11, 64 + names.length, code.length)];
  return Buffer.concat([header, names, code, ...sections]);
}

const slim = (architecture: string) => spawnSync('python3', ['scripts/gpu/slim_cuda.py', library, architecture], { encoding: 'utf8' });

describe('slim_cuda.py', () => {
  const relu = '.text._ZN11onnxruntime4cuda4Relu';
  const attention = '.text._ZN11onnxruntime5flash3fwd';
  beforeEach(() =>
    writeFileSync(library, elf(Buffer.concat([container(entry(80, relu), entry(90, relu)), container(entry(90, attention))]))),
  );

  it('keeps the code of one generation, without what a U-Net does not launch, and moves nothing', () => {
    const before = readFileSync(library);
    const { status, stdout } = slim('90');
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringMatching(/^lib\.so: \d+ MiB of device code/) as string });
    const after = readFileSync(library);
    expect(after).toHaveLength(before.length);
    expect(after.toString('latin1').split(relu)).toHaveLength(2);
    expect(after.indexOf(relu)).toBe(before.lastIndexOf(relu));
    expect(after.includes(attention)).toBe(false);
  });

  it('refuses a generation that is not there, and leaves the file as it is', () => {
    const before = readFileSync(library);
    const { status, stderr } = slim('70');
    expect({ status, stderr }).toEqual({ status: 1, stderr: `${library}: expected device code for one of 80, 90, asked for 70\n` });
    expect(readFileSync(library).equals(before)).toBe(true);
  });

  it('refuses what is no such library', () => {
    writeFileSync(library, 'text');
    expect(slim('90').stderr).toBe(`${library}: expected a 64-bit ELF file\n`);
  });
});
