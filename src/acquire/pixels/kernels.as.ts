/**
 * The arithmetic on pictures that runs for every captured frame, in AssemblyScript: WebAssembly with 128-bit vectors, on memory that the pictures lie in. Each function
 * gives what its plain counterpart gives, to the bit (test/pixels). Pointers are byte offsets in that memory.
 */
export { invert, toFullRange } from './grey.as';
export { changed, same } from './compare-pixels.as';
export { areaAverage } from './area-average.as';
export { compareBlocks } from './compare-pixels.as';
