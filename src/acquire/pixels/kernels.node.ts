import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ANALYSIS_SIZE, type Frame } from '../../frame';
import { BLOCK_FACTS, COMPARED_BLOCKS } from './compare-blocks';
import { changedOutside, DRAWN } from './living-pixels';
import { type PixelArithmetic, plainArithmetic } from './pixel-arithmetic';
import { Instance, Module, type WasmMemory } from './web-assembly.node';

/** What kernels.as.ts exports. */
interface Kernels {
  same(a: number, b: number, length: number): number;
  changed(a: number, b: number, length: number, least: number): number;
  toFullRange(pixels: number, length: number): void;
  invert(pixels: number, length: number): void;
  compareBlocks(a: number, b: number, facts: number): void;
  areaAverage(averages: number, line: number, pixels: number, stride: number, x: number, y: number, width: number, height: number): void;
}

const AVERAGES = ANALYSIS_SIZE ** 2;
/** Where the kernels compute, at the start of the memory: two images of means, facts about blocks, and a line of sums for areas up to 65,535 pixels wide. */
const SECOND = 4 * AVERAGES;
const FACTS = 2 * SECOND;
const LINE = FACTS + 8 * COMPARED_BLOCKS * BLOCK_FACTS;
export const SCRATCH_BYTES = LINE + 4 * 65536;

let compiled: object | null = null;

/** Built from kernels.as.ts. Tests run the sources, and benches lie in dist/bench: they get it from dist/ too. */
function kernelFile(): string {
  const places = ['.', '../../../dist/acquire/pixels', '../acquire/pixels'];
  const files = places.map((place) => join(__dirname, place, 'kernels.wasm'));
  return files.find((file) => existsSync(file)) ?? 'kernels.wasm';
}

/** The arithmetic in WebAssembly, for pictures that lie in `memory` behind its scratch bytes; plain for all others. */
export function kernels(memory: WasmMemory): PixelArithmetic {
  compiled ??= new Module(readFileSync(kernelFile()));
  const kernel = new Instance(compiled, { env: { memory } }).exports as Kernels;
  const averages = new Float32Array(memory.buffer, 0, AVERAGES);
  const others = new Float32Array(memory.buffer, SECOND, AVERAGES);
  const facts = new Float64Array(memory.buffer, FACTS, COMPARED_BLOCKS * BLOCK_FACTS);
  const here = ({ buffer }: Uint8Array): boolean => buffer === memory.buffer;
  const both = (a: Frame, b: Frame): boolean => here(a.pixels) && here(b.pixels);
  return {
    toFullRange: (pixels, bits = 8) => {
      if (here(pixels) && bits === 8) kernel.toFullRange(pixels.byteOffset, pixels.length);
      else plainArithmetic.toFullRange(pixels, bits);
    },
    invert: (pixels) => (here(pixels) ? kernel.invert(pixels.byteOffset, pixels.length) : plainArithmetic.invert(pixels)),
    samePixels: (a, b) => {
      if (!both(a, b)) return plainArithmetic.samePixels(a, b);
      if (a.width !== b.width || a.height !== b.height) return false;
      return kernel.same(a.pixels.byteOffset, b.pixels.byteOffset, a.pixels.length) === 1;
    },
    livingPixels: (a, b) => {
      if (!both(a, b)) return plainArithmetic.livingPixels(a, b);
      return changedOutside(a, (start, end) =>
        kernel.changed(a.pixels.byteOffset + start, b.pixels.byteOffset + start, end - start, DRAWN),
      );
    },
    areaAverage: (frame, area) => {
      if (!here(frame.pixels)) return plainArithmetic.areaAverage(frame, area);
      kernel.areaAverage(0, LINE, frame.pixels.byteOffset, frame.width, area.x, area.y, area.width, area.height);
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
