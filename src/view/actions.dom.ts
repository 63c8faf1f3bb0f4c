import type { RecordedRun } from './review/recorded-run';
import type { Command } from './state/command';
import type { EncodedPicture, ReceivedMask } from './state/stream-view';

/** What panels can ask the page to do. */
export interface Actions {
  readonly command: (command: Command) => void;
  readonly choose: (stream: string) => void;
  readonly openRun: (run: string) => void;
  readonly seek: (index: number) => void;
  /** Reloads the page with this token. */
  readonly useToken: (token: string) => void;
  readonly dismiss: (notice: string) => void;
  /** A picture cannot be decoded, or is not the one announced. */
  readonly reportUnreadable: (stream: string, picture: EncodedPicture, reason: string) => void;
  /** A mask is on the screen. */
  readonly painted: (stream: string, mask: ReceivedMask) => void;
  /** Fetches the picture of a run from the server. */
  readonly loadPicture: (run: RecordedRun) => Promise<Blob>;
}
