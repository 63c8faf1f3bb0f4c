import { readFileSync } from 'node:fs';
import { builtFile } from '../../core/package.node';
import { ANALYSIS_SIZE, type Frame } from '../../frame';
import { BLOCK_FACTS, changedOutside, COMPARED_BLOCKS, REDRAWN, lumaInSameRange, sharePixels } from './compare-pixels';
import { type PixelArithmetic, plainArithmetic } from './picture-memory';

/** WebAssembly memory, shared by threads. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
}

/** The part of WebAssembly used here; TypeScript declares it only for pages. */
interface WebAssemblyOfNode {
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number; readonly shared: true }) => WasmMemory;
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => {
    readonly exports: unknown;
  };
}

export const { Memory, Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyOfNode }).WebAssembly;

/** The exports of kernels.as.ts. */
interface Kernels {
  same(a: number, b: number, length: number): number;
  changed(a: number, b: number, length: number, least: number, videoA: boolean, videoB: boolean): number;
  toFullRange(pixels: number, length: number): void;
  invert(pixels: number, length: number): void;
  compareBlocks(a: number, b: number, facts: number): void;
  areaAverage(
    ...place: readonly [
      averages: number,
      line: number,
      pixels: number,
      stride: number,
      x: number,
      y: number,
      width: number,
      height: number,
      video: boolean,
    ]
  ): void;
}

const AVERAGES = ANALYSIS_SIZE ** 2;
/** Scratch at the start of the memory: two images of means, block facts, and column sums of areas up to 65,535 wide. */
const SECOND = 4 * AVERAGES;
const FACTS = 2 * SECOND;
const LINE = FACTS + 8 * COMPARED_BLOCKS * BLOCK_FACTS;
export const SCRATCH_BYTES = LINE + 4 * 65536;

let compiled: object | null = null;

/** WebAssembly arithmetic for pictures in `memory` behind the scratch bytes, plain arithmetic for all others. */
export function kernels(memory: WasmMemory): PixelArithmetic {
  compiled ??= new Module(readFileSync(builtFile('acquire/pixels/kernels.wasm')));
  const kernel = new Instance(compiled, { env: { memory } }).exports as Kernels;
  const averages = new Float32Array(memory.buffer, 0, AVERAGES);
  const others = new Float32Array(memory.buffer, SECOND, AVERAGES);
  const facts = new Float64Array(memory.buffer, FACTS, COMPARED_BLOCKS * BLOCK_FACTS);
  const isHere = ({ buffer }: Uint8Array): boolean => buffer === memory.buffer;
  return {
    toFullRange: (pixels, bits = 8) => {
      if (isHere(pixels) && bits === 8) kernel.toFullRange(pixels.byteOffset, pixels.length);
      else plainArithmetic.toFullRange(pixels, bits);
    },
    invert: (pixels) => (isHere(pixels) ? kernel.invert(pixels.byteOffset, pixels.length) : plainArithmetic.invert(pixels)),
    samePixels: (a, b) => {
      if (sharePixels(a, b)) return true;
      if (a.width !== b.width || a.height !== b.height) return false;
      const captured = lumaInSameRange(a, b);
      const [p, q] = captured ?? [computable(a), computable(b)];
      if (!isHere(p) || !isHere(q)) return plainArithmetic.samePixels(a, b);
      if (captured) return kernel.same(p.byteOffset, q.byteOffset, p.length) === 1;
      return kernel.changed(p.byteOffset, q.byteOffset, p.length, 0, isVideo(a), isVideo(b)) === 0;
    },
    hasOutsideChange: (a, b) => {
      const [p, q] = [computable(a), computable(b)];
      if (!isHere(p) || !isHere(q)) return plainArithmetic.hasOutsideChange(a, b);
      const [inA, inB] = [isVideo(a), isVideo(b)];
      return changedOutside(a, (start, end) => kernel.changed(p.byteOffset + start, q.byteOffset + start, end - start, REDRAWN, inA, inB));
    },
    areaAverage: (frame, area) => {
      const pixels = computable(frame);
      if (!isHere(pixels)) return plainArithmetic.areaAverage(frame, area);
      const { x, y, width, height } = area;
      kernel.areaAverage(0, LINE, pixels.byteOffset, frame.width, x, y, width, height, isVideo(frame));
      return averages.slice();
    },
    compareBlocks: (a, b) => {
      averages.set(a);
      others.set(b);
      kernel.compareBlocks(0, SECOND, FACTS);
      return facts;
    },
  };
}

type PixelSource = Pick<Frame, 'pixels' | 'luma'>;

/** The kernels read eight-bit video range as it is. */
const isVideo = ({ luma }: PixelSource): boolean => luma?.isEightBitVideo ?? false;
const computable = (frame: PixelSource): Uint8Array => (isVideo(frame) ? (frame.luma?.values ?? frame.pixels) : frame.pixels);
