/**
 * The arithmetic that runs on every captured frame, in AssemblyScript: WebAssembly with 128-bit vectors, on the memory
 * that holds the pictures. Each function equals its plain counterpart bit for bit (test/pixels). Pointers are byte
 * offsets.
 */
export { invert, toFullRange } from './grey.as';
export { changed, same } from './compare-pixels.as';
export { areaAverage } from './area-average.as';
export { compareBlocks } from './compare-pixels.as';
