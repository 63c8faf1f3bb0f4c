import type { Loan } from '../../frame';
import { newMemory, type PictureMemory, type PictureBuffer } from '../pixels/picture-memory';

/** What is announced of a picture. */
export interface Announcement {
  readonly width: number;
  readonly height: number;
  readonly seconds: number | null;
  readonly damaged: boolean;
  /** Width of a pixel over its height; absent: 1. */
  readonly pixelAspect?: number;
  /** Bits of its grey values before conversion, if they are in video range; null or absent: full range. */
  readonly videoRangeBits?: number | null;
  readonly deepBits?: number | undefined;
}

/** The announcement of a picture, or a piece of the pipe's bytes. Announcements may be late, but come in order. */
export type PipePart =
  | (Announcement & { readonly kind: 'picture' })
  /** A picture without bytes, as its pixels are those of the one before. `at`: when it was announced. */
  | (Announcement & { readonly kind: 'repeat'; readonly at: number })
  /** The bytes are valid only during the call. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly at: number };

/** What is known of a captured picture, apart from its pixels. */
export interface ImageFacts {
  readonly width: number;
  readonly height: number;
  /** The source's timestamp, in seconds from an arbitrary start; null if it has none. */
  readonly seconds: number | null;
  /** Parts of it are missing or concealed. */
  readonly damaged: boolean;
  /** When its last byte arrived. */
  readonly at: number;
  /** How late that was by the source's timestamps, in ms; 0 if they tell nothing. */
  readonly behindMs: number;
  /** Bits of its luma before conversion, if it is in video range; absent: full range. */
  readonly videoRangeBits?: number;
  /** Width of a pixel over its height; absent: 1. */
  readonly pixelAspect?: number;
  /** Bits of its samples, if 12 or more, of which the upper eight are kept; absent: fewer. */
  readonly deepBits?: number;
}

/**
 * A picture: width × height luma values as captured. If on loan, valid until the receiver returns. A repeat has the
 * very pixels of the picture before it.
 */
export interface Image extends ImageFacts {
  readonly pixels: Uint8Array;
  readonly loan?: Loan;
}

/**
 * Called for each complete picture; its memory is on loan until the call returns. Null: there was no memory for it, and
 * its bytes were discarded.
 */
type Complete = (facts: ImageFacts, room: PictureBuffer | null) => void;

export interface ImageCutter {
  /** Takes the next part, and reports the pictures it completes. */
  cut(part: PipePart, complete: Complete): void;
  /** Where the next bytes belong: reading them there saves a copy. Null: not known yet. */
  rest(): Uint8Array | null;
  /** Releases the memory of an incomplete picture. */
  close(): void;
}

/**
 * Cuts the bytes of a pipe into the announced pictures, however they are split into pieces. Bytes go straight into
 * their picture; those that come before its announcement wait.
 */
export function imageCutter(memory: PictureMemory = newMemory): ImageCutter {
  /** Begins with a picture whose bytes are not complete. */
  const announced: Exclude<PipePart, { kind: 'bytes' }>[] = [];
  let waiting = new Uint8Array(0);
  const pieces: { readonly length: number; readonly at: number }[] = [];
  let buffer: PictureBuffer | null = null;
  let started = false;
  let filled = 0;
  /** The latest complete picture, held for its repeats; `missed`: its pixels if there was no memory for it. */
  let latest: PictureBuffer | null = null;
  let missed: Uint8Array | null = null;

  const start = (size: number): void => {
    if (!started) buffer = memory.take(size);
    started = true;
  };
  /** Where a picture for which there is no memory is kept: a repeat may find memory. */
  const missing = (size: number): Uint8Array => (missed = missed?.length === size ? missed : new Uint8Array(size));
  const setLatest = (picture: PictureBuffer | null): void => {
    latest?.loan?.release();
    latest = picture;
  };
  /** The repeats at the head of the queue are as complete as the picture before them. */
  const completeRepeats = (notBefore: number, complete: Complete): void => {
    for (let next = announced[0]; next?.kind === 'repeat'; next = announced[0]) {
      announced.shift();
      if (!latest && missed) setLatest(copyOf(missed, memory));
      complete(factsOf(next, Math.max(next.at, notBefore)), latest);
    }
  };
  /** Consumes bytes of announced pictures; returns how many. */
  const take = (bytes: Uint8Array, at: number, complete: Complete): number => {
    let taken = 0;
    for (let next = announced[0]; next && taken < bytes.length; next = announced[0]) {
      const size = next.width * next.height;
      start(size);
      const end = Math.min(bytes.length, taken + size - filled);
      const piece = taken === 0 && end === bytes.length ? bytes : bytes.subarray(taken, end);
      const place = buffer?.pixels ?? missing(size);
      if (!liesIn(place, filled, piece)) place.set(piece, filled);
      filled += end - taken;
      taken = end;
      if (filled < size) break;
      announced.shift();
      [started, filled] = [false, 0];
      setLatest(buffer);
      complete(factsOf(next, at), latest);
      completeRepeats(at, complete);
    }
    return taken;
  };
  const keep = (bytes: Uint8Array, at: number): void => {
    const before = pieces.reduce((sum, { length }) => sum + length, 0);
    if (before + bytes.length > waiting.length) {
      const larger = new Uint8Array(2 * (before + bytes.length));
      larger.set(waiting.subarray(0, before));
      waiting = larger;
    }
    waiting.set(bytes, before);
    pieces.push({ length: bytes.length, at });
  };
  const takeWaiting = (complete: Complete): void => {
    let from = 0;
    for (let piece = pieces[0]; piece; piece = pieces[0]) {
      const { length, at } = piece;
      const taken = take(waiting.subarray(from, from + length), at, complete);
      from += taken;
      if (taken < length) {
        pieces[0] = { length: length - taken, at };
        break;
      }
      pieces.shift();
    }
    waiting.copyWithin(0, from);
  };

  return {
    cut(part, complete) {
      if (part.kind !== 'bytes') {
        announced.push(part);
        completeRepeats(-Infinity, complete);
        if (pieces.length > 0) takeWaiting(complete);
        return;
      }
      const { bytes, at } = part;
      const taken = pieces.length > 0 ? 0 : take(bytes, at, complete);
      if (taken < bytes.length) keep(bytes.subarray(taken), at);
    },
    rest() {
      const [next] = announced;
      if (!next || pieces.length > 0) return null;
      start(next.width * next.height);
      return buffer && buffer.pixels.subarray(filled);
    },
    close() {
      if (started) buffer?.loan?.release();
      setLatest(null);
      [started, filled, announced.length] = [false, 0, 0];
    },
  };
}

function factsOf(announcement: Announcement, at: number): ImageFacts {
  const { width, height, seconds, damaged, videoRangeBits, pixelAspect = 1, deepBits } = announcement;
  const optional = {
    ...(typeof videoRangeBits === 'number' && { videoRangeBits }),
    ...(pixelAspect !== 1 && { pixelAspect }),
    ...(deepBits !== undefined && { deepBits }),
  };
  return { width, height, seconds, damaged, at, behindMs: 0, ...optional };
}

function copyOf(pixels: Uint8Array, memory: PictureMemory): PictureBuffer | null {
  const room = memory.take(pixels.length);
  room?.pixels.set(pixels);
  return room;
}

/** Whether the bytes were read straight to where they belong. */
const liesIn = (pixels: Uint8Array, at: number, bytes: Uint8Array): boolean =>
  bytes.buffer === pixels.buffer && bytes.byteOffset === pixels.byteOffset + at;
