/** What an ffmpeg process gives: log lines, picture bytes, and at last how it ended. */
export type ProcessEvent =
  /** One line of its log. */
  | { readonly kind: 'line'; readonly line: string }
  /** A piece of its output, which may be overwritten once those who were handed it return. `at`: when it arrived. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly at: number }
  /** The last event. `failedToStart`: what the system said when there was no process to begin with. `killed`: we ended it for being silent. */
  | {
      readonly kind: 'exit';
      readonly code: number | null;
      readonly signal: string | null;
      readonly failedToStart: string | null;
      readonly killed: boolean;
    };

/** Reads a pipe, to wherever it is told. */
export interface PipeReader {
  /** Where the next bytes are to be read to; null: anywhere. */
  into: () => Uint8Array | null;
}
