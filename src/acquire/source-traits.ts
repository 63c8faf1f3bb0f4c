import type { Hwaccel } from './hwaccel';
import type { Patience } from './stall-watch';

/** What the program must know of a source, whatever its kind. */
export interface SourceTraits {
  /** It shows a monitor as it is now: a picture that comes late is not live, and how far the glass is can be measured. */
  readonly live: boolean;
  /** The times its pictures carry tell when it showed them. */
  readonly ownTimestamps: boolean;
  /** It is read no faster than it was made. */
  readonly paced: boolean;
  /** Its frames are dated by those times alone, as a recording is that is read faster than it was made. */
  readonly ownClock: boolean;
  /** What its end means: a loss, after which it is tried again; that nothing more comes; or that it begins again. */
  readonly end: 'lost' | 'over' | 'again';
  readonly patience: Patience;
  /** What decodes it first; see `hardwareFirst`. */
  readonly hwaccel: Hwaccel;
  /** Where in the network it is read from, with credentials; null: on this machine. */
  readonly url: string | null;
  /** The server that must be listening for it; null: none. */
  readonly server: { readonly host: string; readonly port: number } | null;
  /** The file that must be there; null: none. */
  readonly file: string | null;
}

/** Those of a monitor that this machine captures. */
export const captured: SourceTraits = {
  live: true,
  ownTimestamps: true,
  paced: false,
  ownClock: false,
  end: 'lost',
  // One that shows still pictures at 0.5 Hz, as some encoders do, is not silent yet.
  patience: { beforeOpenMs: 12_000, unknownRateMs: 10_000, noticeMs: 600, giveUpMs: 2500 },
  hwaccel: 'none',
  url: null,
  server: null,
  file: null,
};
