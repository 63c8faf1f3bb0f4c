/** Reads a pipe, to wherever it is told. */
export interface PipeReader {
  /** Where the next bytes are to be read to; null: anywhere. */
  into: () => Uint8Array | null;
}
