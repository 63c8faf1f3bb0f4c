/** What an ffmpeg process emits: log lines, picture bytes and finally its exit. */
export type ProcessEvent =
  | { readonly kind: 'line'; readonly line: string }
  /** A piece of its output, valid only during the call. `at`: when it arrived. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly at: number }
  /**
   * The last event. `failedToStart`: the system's error if it could not be started. `killed`: we killed it for being
   * silent.
   */
  | {
      readonly kind: 'exit';
      readonly code: number | null;
      readonly signal: string | null;
      readonly failedToStart: string | null;
      readonly killed: boolean;
    };

/** Reads a pipe into memory of the consumer's choice. */
export interface PipeReader {
  /** Where to read the next bytes to; null: anywhere. */
  into: () => Uint8Array | null;
}
