/** The next picture on the pipe and its size, or a piece of the pipe's bytes. An announcement may come late, but never out of order. */
export type PipePart =
  | {
      readonly kind: 'picture';
      readonly width: number;
      readonly height: number;
      readonly seconds: number | null;
      readonly damaged: boolean;
    }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly at: number };

/** One grey picture: width × height bytes of its own. */
export interface Image {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  /** The source's own time, in seconds from an arbitrary start; null where it gives none. */
  readonly seconds: number | null;
  /** Parts of it are missing or guessed. */
  readonly damaged: boolean;
  /** When its last byte arrived. */
  readonly at: number;
  /** How much later that was than it should have been by the source's own times, in ms; 0 where those tell nothing. */
  readonly behindMs: number;
}

/**
 * Cuts the bytes of a pipe into the pictures that were announced on it, whatever the pieces they come in: give it one part after the other, it gives the
 * images that are complete with it. Each byte is copied once, into its picture.
 */
export function imageCutter(): (part: PipePart) => Image[] {
  const announced: Pick<Image, 'width' | 'height' | 'seconds' | 'damaged'>[] = [];
  const waiting: { bytes: Uint8Array; at: number }[] = [];
  let pixels: Uint8Array | null = null;
  let filled = 0;

  return (part) => {
    if (part.kind === 'bytes') waiting.push(part);
    else announced.push({ width: part.width, height: part.height, seconds: part.seconds, damaged: part.damaged });

    const images: Image[] = [];
    for (let piece = waiting[0], next = announced[0]; piece && next; piece = waiting[0], next = announced[0]) {
      pixels ??= new Uint8Array(next.width * next.height);
      const taken = Math.min(piece.bytes.length, pixels.length - filled);
      pixels.set(taken === piece.bytes.length ? piece.bytes : piece.bytes.subarray(0, taken), filled);
      filled += taken;
      if (taken === piece.bytes.length) waiting.shift();
      else waiting[0] = { bytes: piece.bytes.subarray(taken), at: piece.at };
      if (filled === pixels.length) {
        images.push({ ...next, pixels, at: piece.at, behindMs: 0 });
        announced.shift();
        pixels = null;
        filled = 0;
      }
    }
    return images;
  };
}
