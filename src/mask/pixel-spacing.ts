import type { Frame, Rect, Shape } from '../frame';

export interface Spacing {
  /** Millimetres in the patient per row of captured pixels; null: unknown or void. */
  readonly mm: number | null;
  /** Why a configured spacing is no longer valid, as text for users; null: it is valid, or there is none. */
  readonly void: string | null;
}

/** The detected image area may vary by this ratio; one of another size has another magnification. */
const SAME_AREA_RATIO = 1.1;

/**
 * A spacing is valid for the geometry it was measured on: pictures of the size that came first, and image areas as
 * large as that of the first mask. Any other geometry voids it, since the magnification is then unknown, until it is
 * confirmed.
 */
export class PixelSpacing {
  private shape: Shape | null = null;
  private area: Rect | null = null;
  private reason: string | null = null;

  constructor(private readonly given: number | null) {}

  /** Checks the geometry of a picture, with or without a mask. */
  observe(picture: Shape): void {
    // Copied: the picture itself would keep its pixels in memory.
    const { width, height, pixelAspect } = picture;
    this.shape ??= { width, height, pixelAspect };
    this.reason ??= shapeChange(picture, this.shape);
  }

  /** The spacing for a mask of this picture. */
  of({ imageArea }: Pick<Frame, 'imageArea'>): Spacing {
    if (this.given === null) return { mm: null, void: null };
    this.area ??= imageArea;
    this.reason ??= areaChange(imageArea, this.area);
    return this.reason === null ? { mm: this.given, void: null } : { mm: null, void: this.reason };
  }

  /** The spacing was confirmed: it is valid for the geometry seen from now on. */
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
