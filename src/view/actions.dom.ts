import type { RecordedRun } from './review/recorded-run';
import type { Command } from './state/command';
import type { EncodedPicture, ReceivedMask } from './state/stream-view';

/** What the parts of the page can ask for. */
export interface Actions {
  readonly command: (command: Command) => void;
  readonly choose: (stream: string) => void;
  readonly openRun: (run: string) => void;
  readonly seek: (index: number) => void;
  /** Shows the server this token from now on. */
  readonly useToken: (token: string) => void;
  readonly dismiss: (notice: string) => void;
  /** A picture of a stream that cannot be shown. */
  readonly unreadable: (stream: string, picture: EncodedPicture, why: string) => void;
  readonly painted: (stream: string, mask: ReceivedMask) => void;
  /** The picture of a run that only the server has. */
  readonly pictureOf: (run: RecordedRun) => Promise<Blob>;
}
