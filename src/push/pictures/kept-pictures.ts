import { historyLimits } from '../../measure/run-history';
import type { FrameMessage } from '../../protocol/messages';

/** A picture of a run as sent to screens. */
export interface KeptPicture {
  readonly facts: FrameMessage & { readonly run: string; readonly frame: number };
  readonly bytes: Uint8Array;
}

/**
 * What screens were sent of the latest runs, for those that join later: of each image the widest picture, of each run
 * the message of its latest mask. In memory only, and bounded in bytes: the oldest pictures are dropped first. Pictures
 * that nobody watched were never encoded.
 */
export class KeptPictures {
  /** By run and frame, oldest first. */
  private readonly pictures = new Map<string, KeptPicture>();
  private readonly masks = new Map<string, Uint8Array>();
  private bytes = 0;

  constructor(private readonly limits = historyLimits) {}

  keep(picture: KeptPicture): void {
    const key = keyOf(picture.facts.run, picture.facts.frame);
    const before = this.pictures.get(key);
    if (before && before.facts.encodedWidth >= picture.facts.encodedWidth) return;
    this.bytes += picture.bytes.byteLength - (before?.bytes.byteLength ?? 0);
    this.pictures.set(key, picture);
    for (const [oldest, { bytes }] of this.pictures) {
      if (this.bytes <= this.limits.pictureBytes) return;
      this.bytes -= bytes.byteLength;
      this.pictures.delete(oldest);
    }
  }

  /** `message`: the binary message as it was sent. */
  keepMask(run: string, message: Uint8Array): void {
    this.masks.delete(run);
    this.masks.set(run, message);
    const [oldest] = this.masks.keys();
    if (this.masks.size > this.limits.runs && oldest !== undefined) this.masks.delete(oldest);
  }

  /** In order of capture. */
  of(run: string): readonly KeptPicture[] {
    return [...this.pictures.values()].filter(({ facts }) => facts.run === run).sort((a, b) => a.facts.capturedAt - b.facts.capturedAt);
  }

  picture(run: string, frame: number): KeptPicture | null {
    return this.pictures.get(keyOf(run, frame)) ?? null;
  }

  mask(run: string): Uint8Array | null {
    return this.masks.get(run) ?? null;
  }
}

const keyOf = (run: string, frame: number): string => `${run} ${frame}`;
