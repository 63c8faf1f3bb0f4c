import type { Rect } from '../frame';
import { decodeRunLengths } from '../mask/run-length';
import type { Point } from '../mask/tumour-mask';
import { letterbox } from './letterbox';
import type { EncodedPicture, ReceivedMask } from './stream-view';

const TUMOUR = '#ff6a3d';
const LIVER = '#58a6ff';

/** A picture ready to be drawn. */
export interface Decoded {
  readonly picture: EncodedPicture;
  readonly bitmap: ImageBitmap;
}

/** How much of a mask is drawn: on its own image all of it, on another only its outline, broken. */
export type Overlay = { readonly mask: ReceivedMask; readonly own: boolean } | null;

/** A canvas that shows one picture of a stream as large as it fits, sharp at any pixel ratio, and a mask on it. */
export class PictureCanvas {
  private readonly context: CanvasRenderingContext2D;
  private readonly fills = new WeakMap<ReceivedMask, OffscreenCanvas>();

  constructor(
    readonly canvas: HTMLCanvasElement,
    resized: () => void,
  ) {
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('Expected a browser with a 2D canvas');
    this.context = context;
    new ResizeObserver(() => {
      const { width, height } = canvas.getBoundingClientRect();
      canvas.width = Math.max(1, Math.round(width * devicePixelRatio));
      canvas.height = Math.max(1, Math.round(height * devicePixelRatio));
      resized();
    }).observe(canvas);
  }

  draw(decoded: Decoded | null, overlay: Overlay): void {
    const { context, canvas } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = '#000';
    context.fillRect(0, 0, canvas.width, canvas.height);
    const facts = decoded?.picture.facts;
    canvas.dataset.frame = facts ? `${facts.run ?? ''}/${facts.frame ?? ''}` : '';
    canvas.dataset.mask =
      decoded && overlay ? `${overlay.mask.facts.run}/${overlay.mask.facts.frame}/${overlay.own ? 'own' : 'outline'}` : '';
    if (!decoded || !facts) return;
    const place = letterbox(facts, canvas);
    context.imageSmoothingQuality = 'high';
    context.drawImage(decoded.bitmap, place.x, place.y, place.width, place.height);
    if (overlay) this.drawMask(overlay, place, place.width / facts.width);
  }

  private drawMask({ mask, own }: NonNullable<Overlay>, place: Rect, scale: number): void {
    const { context } = this;
    const { lesions, liver, imageArea } = mask.facts;
    context.translate(place.x, place.y);
    context.scale(scale, scale);
    if (own) context.drawImage(this.fill(mask), imageArea.x, imageArea.y, imageArea.width, imageArea.height);
    context.lineWidth = (2.5 * devicePixelRatio) / scale;
    context.setLineDash(own ? [] : [context.lineWidth * 4, context.lineWidth * 3]);
    if (own) for (const contour of liver.contours) this.outline(contour, LIVER);
    for (const { contour } of lesions) this.outline(contour, TUMOUR);
    context.setLineDash([]);
  }

  private outline(contour: readonly Point[], colour: string): void {
    const { context } = this;
    context.beginPath();
    contour.forEach(([x, y], at) => (at === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
    context.closePath();
    context.strokeStyle = colour;
    context.stroke();
  }

  /** The mask's grid as a picture, tinted where tumour. */
  private fill(mask: ReceivedMask): OffscreenCanvas {
    const known = this.fills.get(mask);
    if (known) return known;
    const { width, height } = mask.facts;
    const canvas = new OffscreenCanvas(width, height);
    const image = new ImageData(width, height);
    decodeRunLengths(mask.runLengths, width * height).forEach((value, at) => {
      if (value === 1) image.data.set([255, 106, 61, 90], at * 4);
    });
    canvas.getContext('2d')?.putImageData(image, 0, 0);
    this.fills.set(mask, canvas);
    return canvas;
  }
}

/** Decodes pictures one after the other and keeps the last; while it decodes, the newest wish wins. */
export class Decoder {
  decoded: Decoded | null = null;
  private wanted: EncodedPicture | null = null;
  private busy = false;

  constructor(private readonly ready: () => void) {}

  show(picture: EncodedPicture | null): void {
    this.wanted = picture;
    if (picture === null) this.decoded = null;
    if (!this.busy) void this.work();
  }

  private async work(): Promise<void> {
    this.busy = true;
    while (this.wanted && this.wanted !== this.decoded?.picture) {
      const picture = this.wanted;
      try {
        const bitmap = await createImageBitmap(new Blob([picture.bytes], { type: `image/${picture.facts.encoding}` }));
        if (this.wanted === null) break;
        this.decoded?.bitmap.close();
        this.decoded = { picture, bitmap };
      } catch {
        if (this.wanted === picture) this.wanted = null;
      }
      this.ready();
    }
    this.busy = false;
  }
}
