import { sizeFault } from '../state/notices';
import type { EncodedPicture } from '../state/stream-view';

/** A picture ready to be drawn. */
export interface DecodedPicture {
  readonly picture: EncodedPicture;
  readonly bitmap: ImageBitmap;
}

/** Decodes a picture in its encoded size. Throws where the bytes are no picture or one of another size. */
export async function decodePicture({ bytes, facts }: EncodedPicture): Promise<ImageBitmap> {
  const bitmap = await createImageBitmap(new Blob([bytes], { type: `image/${facts.encoding}` }));
  const fault = sizeFault({ width: facts.encodedWidth, height: facts.encodedHeight }, bitmap);
  if (fault === null) return bitmap;
  bitmap.close();
  throw new Error(fault);
}

/** Decodes one picture at a time, always the newest, skipping those in between. Keeps the last one decoded. */
export class PictureDecoder {
  private last: DecodedPicture | null = null;
  private wanted: EncodedPicture | null = null;
  private tried: EncodedPicture | null = null;
  private busy = false;

  constructor(
    private readonly ready: () => void,
    private readonly fault: (picture: EncodedPicture, reason: string) => void,
  ) {}

  get decoded(): DecodedPicture | null {
    return this.last;
  }

  show(picture: EncodedPicture | null): void {
    this.wanted = picture;
    if (picture === null) this.replace(null);
    else if (!this.busy) void this.work();
  }

  private async work(): Promise<void> {
    this.busy = true;
    while (this.wanted && this.wanted !== this.tried) {
      const picture = this.wanted;
      this.tried = picture;
      try {
        const bitmap = await decodePicture(picture);
        if (this.wanted === null) bitmap.close();
        else this.replace({ picture, bitmap });
      } catch (error) {
        this.fault(picture, error instanceof DOMException ? 'A picture that cannot be decoded' : String(error).replace(/^Error: /, ''));
      }
    }
    this.busy = false;
  }

  private replace(next: DecodedPicture | null): void {
    if (this.last === null && next === null) return;
    this.last?.bitmap.close();
    this.last = next;
    if (next === null) this.tried = null;
    this.ready();
  }
}
