import { areaText } from '../../acquire/image-area/area-text';
import type { Rect } from '../../frame';
import type { Point } from '../../mask/tumour-mask';
import { maskImage } from '../../receive/decode';
import { area, diameter, isUncertain, sizeStep } from '../state/mask-text';
import type { Overlay } from '../state/overlay';
import type { Settings } from '../state/settings';
import type { ReceivedMask } from '../state/stream-view';
import { type Colour, css, paletteAt } from './palettes';
import { labelPlaces } from './placement';
import type { ShownArea } from './shown-areas';

/** Where a picture lies on a canvas, with the line width and font size, in canvas pixels. */
export interface Place {
  readonly picture: Rect;
  /** Canvas pixels per captured pixel, across and down: captured pixels need not be square. */
  readonly scaleX: number;
  readonly scaleY: number;
  readonly lineWidth: number;
  readonly fontSize: number;
}

/** The overlay, unless the settings hide all of it. */
export function visibleOverlay(overlay: Overlay | null, { fill, contour }: Settings): Overlay | null {
  if (!overlay) return null;
  return contour || (fill && overlay.kind === 'own') ? overlay : null;
}

/** Draws a mask: fill, contours and sizes on its own picture, a broken and faint outline on another. */
export function drawMask(context: CanvasRenderingContext2D, overlay: Overlay, settings: Settings, place: Place): void {
  const { picture, scaleX, scaleY, lineWidth } = place;
  const { lesions, liver, imageArea } = overlay.mask.facts;
  const palette = paletteAt(settings.palette);
  const own = overlay.kind === 'own';
  context.save();
  context.translate(picture.x, picture.y);
  if (own && settings.fill) {
    context.globalAlpha = settings.opacity;
    const { x, y, width, height } = imageArea;
    context.drawImage(fillOf(overlay.mask, palette.tumour), x * scaleX, y * scaleY, width * scaleX, height * scaleY);
  }
  context.globalAlpha = own ? 1 : overlay.alpha;
  context.lineWidth = lineWidth;
  if (own && settings.liver) {
    context.setLineDash([context.lineWidth, context.lineWidth * 2]);
    for (const contour of liver.contours) stroke(context, contour, place, css(palette.liver));
  }
  if (settings.contour) {
    context.setLineDash(own ? [] : [context.lineWidth * 4, context.lineWidth * 3]);
    for (const { contour } of lesions) stroke(context, contour, place, css(palette.tumour));
  }
  context.restore();
  if (own && settings.labels) drawLabels(context, overlay.mask, place);
}

/** Scales the points, not the context, so that lines are equally wide in both directions. */
function stroke(context: CanvasRenderingContext2D, contour: readonly Point[], { scaleX, scaleY }: Place, colour: string): void {
  context.beginPath();
  contour.forEach(([x, y], at) => (at === 0 ? context.moveTo(x * scaleX, y * scaleY) : context.lineTo(x * scaleX, y * scaleY)));
  context.closePath();
  context.strokeStyle = colour;
  context.stroke();
}

/** The largest lesions; more labels would hide them. */
const LABELLED = 5;
/** Areas stand beside diameters in pictures wider than so many font sizes. */
const AREA_FROM = 44;

function drawLabels(context: CanvasRenderingContext2D, { facts }: ReceivedMask, { picture, scaleX, scaleY, fontSize }: Place): void {
  const size = fontSize;
  context.save();
  context.translate(picture.x, picture.y);
  context.font = `600 ${size}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  const roomy = picture.width > fontSize * AREA_FROM;
  const stepMm = sizeStep(facts);
  const texts = facts.lesions
    .slice(0, LABELLED)
    .map((lesion, at) => `${at + 1}  ${diameter(lesion, stepMm)}${isUncertain(lesion) ? '?' : ''}${roomy ? `  ${area(lesion)}` : ''}`);
  const labelled = facts.lesions.slice(0, LABELLED).map(({ boundingBox: [x, y, width, height] }, at) => ({
    lesion: { x: x * scaleX, y: y * scaleY, width: width * scaleX, height: height * scaleY },
    label: { width: context.measureText(texts[at] ?? '').width + size * 0.8, height: size * 1.5 },
  }));
  labelPlaces(labelled, picture, size * 0.8).forEach((place, at) => {
    context.fillStyle = 'rgb(0 0 0 / 0.72)';
    context.fillRect(place.x, place.y, place.width, place.height);
    context.fillStyle = '#fff';
    context.fillText(texts[at] ?? '', place.x + size * 0.4, place.y + place.height / 2);
  });
  context.restore();
}

const fills = new WeakMap<ReceivedMask, { readonly colour: Colour; readonly canvas: OffscreenCanvas }>();

/** The mask's grid as a picture in one colour, cached by mask. */
function fillOf(mask: ReceivedMask, colour: Colour): OffscreenCanvas {
  const known = fills.get(mask);
  if (known?.colour === colour) return known.canvas;
  const { width, height, data } = maskImage({ ...mask.facts, payload: mask.runLengths }, [...colour, 255]);
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
  fills.set(mask, { colour, canvas });
  return canvas;
}

const [LIGHT, DARK] = ['#fff', '#000'];

/** Outlines areas, the image area solid, others broken: white on black, visible on every grey and unlike masks. */
export function drawAreas(context: CanvasRenderingContext2D, areas: readonly ShownArea[], place: Place): void {
  const { picture, scaleX, scaleY, fontSize } = place;
  const line = Math.max(1, Math.round(place.lineWidth));
  context.save();
  context.translate(Math.round(picture.x), Math.round(picture.y));
  context.font = `600 ${fontSize}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  for (const { rect, name, taken } of areas) {
    // On whole pixels: lines between two would be grey.
    const [x, y] = [Math.round(rect.x * scaleX), Math.round(rect.y * scaleY)];
    const [width, height] = [Math.round((rect.x + rect.width) * scaleX) - x, Math.round((rect.y + rect.height) * scaleY) - y];
    const stroke = (colour: string, lineWidth: number, dash: readonly number[]): void => {
      context.setLineDash([...dash]);
      context.strokeStyle = colour;
      context.lineWidth = lineWidth;
      context.strokeRect(x + line / 2, y + line / 2, width - line, height - line);
    };
    stroke(DARK, 2 * line, []);
    stroke(LIGHT, line, taken ? [] : [5 * line, 4 * line]);
    const pad = fontSize * 0.4;
    const label =
      name === '' ? undefined : [`${name}: ${areaText(rect)}`, name].find((text) => context.measureText(text).width + 2 * pad < width);
    if (label === undefined) continue;
    context.fillStyle = 'rgb(0 0 0 / 0.72)';
    context.fillRect(x + line, y + line, context.measureText(label).width + 2 * pad, fontSize * 1.5);
    context.fillStyle = LIGHT;
    context.fillText(label, x + line + pad, y + line + fontSize * 0.75);
  }
  context.restore();
}
