import { escapeLine } from '../core/escape-line';
import { checkRunLengths, decodeRunLengths } from '../mask/run-length';
import type { Envelope, ServerMessage } from '../protocol/messages';
import { parseServerMessage } from '../protocol/parse-server-message';

/** Something a server sent that a client cannot use; the rest goes on. */
export interface Problem {
  readonly kind: 'malformed' | 'unknown' | 'oversized' | 'out-of-order' | 'mask';
  readonly detail: string;
}

/** A message with its payload, which is empty for text messages; or what is wrong with it. */
export type Decoded =
  | { readonly kind: 'message'; readonly message: ServerMessage & Envelope; readonly payload: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** Larger than any picture of a suite; what exceeds it is not looked at. */
const MAX_BYTES = 32 * 1024 * 1024;
const EMPTY = new Uint8Array();

/** Reads what came over the socket (docs/protocol.md): text, or a uint32 N in little-endian order, N bytes of JSON and a payload. */
export function decode(data: unknown, text: (utf8: Uint8Array) => string): Decoded {
  if (typeof data === 'string') return data.length > MAX_BYTES ? oversized(data.length) : read(data, EMPTY);
  if (!(data instanceof ArrayBuffer)) return problem('malformed', 'neither text nor binary');
  if (data.byteLength > MAX_BYTES) return oversized(data.byteLength);
  const length = data.byteLength < 4 ? Infinity : new DataView(data).getUint32(0, true);
  if (length > data.byteLength - 4) return problem('malformed', `a binary message of ${data.byteLength} bytes is cut short`);
  return read(text(new Uint8Array(data, 4, length)), new Uint8Array(data, 4 + length));
}

function read(text: string, payload: Uint8Array<ArrayBuffer>): Decoded {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return problem('malformed', 'no JSON');
  }
  const parsed = parseServerMessage(value);
  if (parsed.kind === 'unknown') return problem('unknown', `a message of type ${short(parsed.type)}`);
  if (parsed.kind === 'malformed')
    return problem('malformed', `${short(parsed.type ?? 'message')}: ${short(parsed.where)}: expected ${parsed.expected}`);
  const { message } = parsed;
  if (message.type === 'mask') {
    const why = whyUnreadable({ ...message, payload });
    if (why !== null) return problem('mask', `mask of run ${short(message.run)}, frame ${message.frame}: ${why}`);
  }
  return { kind: 'message', message, payload };
}

function whyUnreadable(mask: EncodedMask): string | null {
  try {
    checkMask(mask);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A server may say anything; a notice has one line. */
export function short(text: string): string {
  return escapeLine(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function oversized(bytes: number): Decoded {
  return problem('oversized', `a message of ${Math.round(bytes / 1024 / 1024)} MiB`);
}

function problem(kind: Problem['kind'], detail: string): Decoded {
  return { kind: 'problem', problem: { kind, detail } };
}

/** A mask as it came: its grid of `width` × `height` covers `imageArea` of the captured picture. */
export interface EncodedMask {
  readonly width: number;
  readonly height: number;
  /** Run lengths (docs/protocol.md). */
  readonly payload: Uint8Array;
}

/** The mask's grid, row by row: 1 where tumour, else 0. Throws where the run lengths do not add up; those of a `mask` event do. */
export function decodeMask({ width, height, payload }: EncodedMask): Uint8Array {
  return decodeRunLengths(payload, width * height);
}

/** Throws where the run lengths do not add up; takes no memory, however large the grid. */
export function checkMask({ width, height, payload }: EncodedMask): void {
  checkRunLengths(payload, width * height);
}

/** The mask in one colour (red, green, blue, alpha: 0 to 255) on nothing, for `new ImageData(data, width, height)`; draw it over `imageArea`. */
export function maskImage(mask: EncodedMask, colour: readonly [number, number, number, number]) {
  const { width, height } = mask;
  const data = new Uint8ClampedArray(width * height * 4);
  decodeMask(mask).forEach((value, at) => value === 1 && data.set(colour, at * 4));
  return { width, height, data };
}
