import { concat, concatMap, defer, EMPTY, of, type Observable, type OperatorFunction } from 'rxjs';
import type { ConnectionEvent } from './connection';

/** Pictures whose brightest pixel is below this, of 255, have at least four unused bits; no video range is so low. */
const DIM = 16;
/** Pictures to inspect. */
const ENOUGH = 20;

/** The pictures are nearly black: their samples have `bits` bits, but only the lower `used` are in use. */
export interface Dim {
  readonly kind: 'dim';
  readonly bits: number;
  readonly used: number;
}

/** Says what to do about it. */
export const dimText = ({ bits, used }: Omit<Dim, 'kind'>): string =>
  `nearly black: its ${bits}-bit samples use ${used} bits at most; re-encode it with brighter ones (ffmpeg -i IN -vf lut=c0=val*${2 ** (bits - used)} -c:v ffv1 OUT.mkv)`;

export const isDimText = (reason: string): boolean => reason.startsWith('nearly black: ');

/**
 * Reports once that the first pictures of a connection are nearly black, though not black, where their samples have
 * bits to spare, as with 12-bit X-ray images in 16-bit video.
 *
 *    in   --i-i-i-i-|
 *    out  --i-i-i-i-(D|)      D dim
 */
export function dimPictures<E extends { readonly kind: string }>(): OperatorFunction<E | ConnectionEvent, E | ConnectionEvent | Dim> {
  return (events) =>
    defer(() => {
      let left = ENOUGH;
      let brightest = 0;
      let bits = 0;
      const verdict = (): Observable<Dim> => {
        left = 0;
        const used = bits - 8 + Math.ceil(Math.log2(brightest + 1));
        return bits > 0 && brightest > 1 && brightest < DIM ? of({ kind: 'dim', bits, used }) : EMPTY;
      };
      const look = (event: E | ConnectionEvent): Observable<E | ConnectionEvent | Dim> => {
        if (left > 0 && isImage(event) && event.image.deepBits !== undefined) {
          bits = event.image.deepBits;
          brightest = event.image.pixels.reduce((most, value) => Math.max(most, value), brightest);
          left = brightest < DIM ? left - 1 : 0;
          if (left === 0 && brightest < DIM) return concat(of(event), verdict());
        }
        return of(event);
      };
      return concat(
        events.pipe(concatMap(look)),
        defer(() => (left > 0 ? verdict() : EMPTY)),
      );
    });
}

const isImage = (event: { readonly kind: string }): event is Extract<ConnectionEvent, { kind: 'image' }> => event.kind === 'image';
