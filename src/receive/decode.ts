import { escapeLine } from '../core/log-text';
import { checkRunLengths, decodeRunLengths } from '../mask/run-length';
import type { Envelope, ServerMessage } from '../protocol/messages';
import { parseServerMessage } from '../protocol/parse-server-message';

/** A message that the client cannot use and leaves out. */
export interface Problem {
  readonly kind: 'malformed' | 'unknown' | 'oversized' | 'out-of-order' | 'mask';
  readonly detail: string;
}

/** A message with its payload (empty for text messages), or what is wrong with it. */
export type Decoded =
  | { readonly kind: 'message'; readonly message: ServerMessage & Envelope; readonly payload: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** Larger than any picture of a suite; longer messages are not read. */
const MAX_BYTES = 32 * 1024 * 1024;
const EMPTY = new Uint8Array();

/** Reads a message (docs/protocol.md): text, or a little-endian uint32 N, N bytes of JSON and a payload. */
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
  if (parsed.kind === 'unknown') return problem('unknown', `a message of type ${shorten(parsed.type)}`);
  if (parsed.kind === 'malformed')
    return problem('malformed', `${shorten(parsed.type ?? 'message')}: ${shorten(parsed.where)}: expected ${parsed.expected}`);
  const { message } = parsed;
  if (message.type === 'mask') {
    const reason = maskProblem({ ...message, payload });
    if (reason !== null) return problem('mask', `mask of run ${shorten(message.run)}, frame ${message.frame}: ${reason}`);
  }
  return { kind: 'message', message, payload };
}

function maskProblem(mask: EncodedMask): string | null {
  try {
    checkMask(mask);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A notice has one line, whatever the server sends. */
export function shorten(text: string): string {
  return escapeLine(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function oversized(bytes: number): Decoded {
  return problem('oversized', `a message of ${Math.round(bytes / 1024 / 1024)} MiB`);
}

function problem(kind: Problem['kind'], detail: string): Decoded {
  return { kind: 'problem', problem: { kind, detail } };
}

/** A mask as received: its grid of `width` × `height` covers `imageArea` of the captured picture. */
export interface EncodedMask {
  readonly width: number;
  readonly height: number;
  /** Run lengths (docs/protocol.md). */
  readonly payload: Uint8Array;
}

/** The mask's grid, row by row: 1 for tumour, else 0. Throws where run lengths do not add up; those of events do. */
export function decodeMask({ width, height, payload }: EncodedMask): Uint8Array {
  return decodeRunLengths(payload, width * height);
}

/** Throws where the run lengths do not add up; allocates nothing, however large the grid. */
function checkMask({ width, height, payload }: EncodedMask): void {
  checkRunLengths(payload, width * height);
}

/** The mask in one colour (RGBA, 0 to 255) on a transparent ground, for `new ImageData`; draw it over `imageArea`. */
export function maskImage(mask: EncodedMask, colour: readonly [number, number, number, number]) {
  const { width, height } = mask;
  const data = new Uint8ClampedArray(width * height * 4);
  decodeMask(mask).forEach((value, at) => value === 1 && data.set(colour, at * 4));
  return { width, height, data };
}
