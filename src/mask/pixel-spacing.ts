import type { Frame, Rect, Shape } from '../frame';

/** Millimetres in the patient per row of captured pixels; null where they are unknown or void. */
export interface Spacing {
  readonly mm: number | null;
  /** Why a configured spacing does not hold any more, in words for people; null: it holds, or there is none. */
  readonly void: string | null;
}

/** An image area that is found may end a little further off the next time; one of another size shows another magnification. */
const SAME_AREA_RATIO = 1.1;

/**
 * A spacing is measured on one picture, and holds for pictures like it: for those of the size that came first, and for image areas as large as that of the first
 * mask. Another geometry voids it, until somebody confirms it: nobody knows what was magnified meanwhile.
 */
export class PixelSpacing {
  private shape: Shape | null = null;
  private area: Rect | null = null;
  private reason: string | null = null;

  constructor(private readonly given: number | null) {}

  /** Takes in each picture, also those without a mask. */
  observe(picture: Shape): void {
    // Not the picture itself: its pixels would be kept with it.
    const { width, height, pixelAspect } = picture;
    this.shape ??= { width, height, pixelAspect };
    this.reason ??= shapeChange(picture, this.shape);
  }

  /** What holds for a mask that was found in this picture. */
  of({ imageArea }: Pick<Frame, 'imageArea'>): Spacing {
    if (this.given === null) return { mm: null, void: null };
    this.area ??= imageArea;
    this.reason ??= areaChange(imageArea, this.area);
    return this.reason === null ? { mm: this.given, void: null } : { mm: null, void: this.reason };
  }

  /** The spacing was said again: it holds for what is seen from now on. */
  confirm(): void {
    [this.shape, this.area, this.reason] = [null, null, null];
  }
}

function shapeChange(now: Shape, then: Shape): string | null {
  if (now.width !== then.width || now.height !== then.height)
    return `the picture is ${now.width} × ${now.height} now, the spacing was given for ${then.width} × ${then.height}`;
  return (now.pixelAspect ?? 1) === (then.pixelAspect ?? 1) ? null : 'its pixels have another shape than those the spacing was given for';
}

function areaChange(now: Rect, then: Rect): string | null {
  const alike = (a: number, b: number): boolean => Math.max(a, b) <= SAME_AREA_RATIO * Math.min(a, b);
  if (alike(now.width, then.width) && alike(now.height, then.height)) return null;
  return `the X-ray image is ${now.width} × ${now.height} pixels now, the spacing was given for ${then.width} × ${then.height}`;
}
