import { areaText } from '../../acquire/image-area/area-text';
import type { Overlay } from '../state/overlay';
import type { Settings } from '../state/settings';
import { drawAreas, drawMask } from './overlay-drawing.dom';
import type { DecodedPicture } from './picture-decoder.dom';
import { letterbox } from './placement';
import type { ShownArea } from './shown-areas';

/**
 * Shows a picture as large as it fits, sharp at any pixel ratio, with a mask and outlined areas. Programs read what is
 * shown: `data-frame` is `run/frame`, `data-mask` `run/frame/own` or `run/frame/outline`, `data-area` `x,y,w,h;…`;
 * empty for nothing.
 */
export class PictureCanvas {
  private readonly context: CanvasRenderingContext2D;
  private readonly sizes: ResizeObserver;
  private drawn: readonly unknown[] = [];

  /** `resized`: the canvas is empty and must be drawn again. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    resized: () => void,
  ) {
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('Expected a browser with a 2D canvas');
    this.context = context;
    this.sizes = new ResizeObserver(([entry]) => {
      const exact = entry?.devicePixelContentBoxSize?.[0];
      const { width, height } = canvas.getBoundingClientRect();
      canvas.width = pixels(width * devicePixelRatio, exact?.inlineSize);
      canvas.height = pixels(height * devicePixelRatio, exact?.blockSize);
      this.drawn = [];
      resized();
    });
    try {
      // Also reports a change of the pixel ratio alone, as when a window moves to another monitor.
      this.sizes.observe(canvas, { box: 'device-pixel-content-box' });
    } catch {
      this.sizes.observe(canvas);
    }
  }

  close(): void {
    this.sizes.disconnect();
  }

  /** Draws, unless nothing changed. */
  draw(decoded: DecodedPicture | null, overlay: Overlay | null, areas: readonly ShownArea[], settings: Settings): void {
    const content = [
      decoded,
      overlay?.mask,
      overlay?.kind,
      overlay?.kind === 'outline' ? overlay.alpha : 1,
      JSON.stringify(areas),
      settings,
    ];
    if (this.drawn.length > 0 && content.every((part, at) => part === this.drawn[at])) return;
    this.drawn = content;
    const { context, canvas } = this;
    context.fillStyle = '#000';
    context.fillRect(0, 0, canvas.width, canvas.height);
    const facts = decoded?.picture.facts;
    canvas.dataset.frame = facts ? `${facts.run ?? ''}/${facts.frame ?? ''}` : '';
    canvas.dataset.mask = decoded && overlay ? `${overlay.mask.facts.run}/${overlay.mask.facts.frame}/${overlay.kind}` : '';
    canvas.dataset.area = decoded ? areas.map(({ rect }) => areaText(rect)).join(';') : '';
    if (!decoded || !facts) return;
    const picture = letterbox({ width: facts.width * facts.pixelAspect, height: facts.height }, canvas);
    context.imageSmoothingQuality = 'high';
    context.drawImage(decoded.bitmap, picture.x, picture.y, picture.width, picture.height);
    const height = picture.height / devicePixelRatio;
    const lineWidth = Math.max(1.8, Math.min(6, height / 240)) * devicePixelRatio;
    const fontSize = Math.max(12, Math.min(32, height / 40)) * devicePixelRatio;
    const scales = { scaleX: picture.width / facts.width, scaleY: picture.height / facts.height };
    const place = { picture, ...scales, lineWidth, fontSize };
    drawAreas(context, areas, place);
    if (overlay) drawMask(context, overlay, settings, place);
  }
}

/** The device pixels of a side: the browser's exact count, except on emulated screens, where it has other units. */
function pixels(computed: number, counted: number | undefined): number {
  return Math.max(1, counted !== undefined && Math.abs(counted - computed) < 2 ? counted : Math.round(computed));
}
