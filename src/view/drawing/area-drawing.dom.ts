import { inFigures } from '../../acquire/image-area/area-text';
import type { Place } from './mask-drawing.dom';
import type { ShownArea } from './shown-areas';

const [LIGHT, DARK] = ['#fff', '#000'];

/** Draws the outlines of some places over a picture, that of the image area full, others broken: light on dark, so that they show on every grey and no palette has them. */
export function drawAreas(context: CanvasRenderingContext2D, areas: readonly ShownArea[], place: Place): void {
  const { picture, scaleX, scaleY, fontSize } = place;
  const line = Math.max(1, Math.round(place.lineWidth));
  context.save();
  context.translate(Math.round(picture.x), Math.round(picture.y));
  context.font = `600 ${fontSize}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  for (const { rect, name, taken } of areas) {
    // On whole pixels: a line between two is grey.
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
      name === '' ? undefined : [`${name}: ${inFigures(rect)}`, name].find((text) => context.measureText(text).width + 2 * pad < width);
    if (label === undefined) continue;
    context.fillStyle = 'rgb(0 0 0 / 0.72)';
    context.fillRect(x + line, y + line, context.measureText(label).width + 2 * pad, fontSize * 1.5);
    context.fillStyle = LIGHT;
    context.fillText(label, x + line + pad, y + line + fontSize * 0.75);
  }
  context.restore();
}
