/** What there is to say of a connection that gives no picture. */
export interface SignsOfLife {
  /** Whether ffmpeg said anything since this was asked before: of a network it is told of each packet (`-debug_ts`), and says all it says because something arrived. */
  heard(): boolean;
  /** Whether no picture is due yet. */
  waits(): boolean;
}

/** Nobody tells. */
export const noSigns: SignsOfLife = { heard: () => false, waits: () => false };
