import { squared } from '../../frame';
import { reviewed } from '../review/review';
import { dateAndTime, RESEARCH_USE } from '../state/format';
import { foundInShort, overlayMark } from '../state/mask-text';
import { keyOverlay, liveOverlay, reviewOverlay, type Overlay } from '../state/overlay';
import { isHistory, keyPicture, livePicture, type EncodedPicture } from '../state/stream-view';
import { rowOf, viewOf, type ViewerState } from '../state/viewer-state';
import { drawAreas, drawMask, visible } from './overlay-drawing.dom';
import { decoded } from './picture-decoder.dom';
import { areaOfMask, type ShownArea, shownAreas } from './shown-areas';

interface Chosen {
  readonly picture: EncodedPicture;
  readonly overlay: Overlay | null;
  readonly areas: readonly ShownArea[];
  /** What the picture was when it was saved. */
  readonly as: string;
}

/** A picture to save: under review, the one that is looked at; else the key frame with its mask; else the live picture. */
function chosenPicture(state: ViewerState, now: number): Chosen | null {
  const { review } = state;
  if (review) {
    const at = reviewed(review);
    if (!at || review.past.kind !== 'kept') return null;
    const overlay = reviewOverlay(review.past.run, at.picture);
    return { picture: at.picture, overlay, areas: areaOfMask(overlay), as: 'review, not live' };
  }
  const view = viewOf(state, state.chosen);
  const key = keyPicture(view);
  if (key) {
    const overlay = keyOverlay(view, key.facts);
    return { picture: key, overlay, areas: areaOfMask(overlay), as: isHistory(view, state.link) ? 'key frame, history' : 'key frame' };
  }
  const live = livePicture(view);
  return (
    live && {
      picture: live,
      overlay: liveOverlay(view, live.facts, now, state.link === 'open'),
      areas: shownAreas(rowOf(state), live.facts),
      as: state.link === 'open' ? 'live' : 'last picture, no answer from the server',
    }
  );
}

/**
 * Hands the user a PNG of the picture in captured pixels, made square where they are not, with its mask as it is drawn; whose it is and that it is for
 * research only is burned into it. False when there is no picture to save.
 */
export async function savePicture(state: ViewerState, now: number): Promise<boolean> {
  const chosen = chosenPicture(state, now);
  if (!chosen) return false;
  const { facts } = chosen.picture;
  const bitmap = await decoded(chosen.picture);
  const canvas = document.createElement('canvas');
  const { width, height } = squared(facts);
  const size = Math.max(11, Math.round(Math.min(width, height) / 45));
  const lines = captions(state, chosen);
  canvas.width = width;
  canvas.height = height + Math.round(size * 1.5 * (lines.length + 0.4));
  const context = canvas.getContext('2d');
  if (!context) return false;
  context.fillStyle = '#000';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const overlay = visible(chosen.overlay, state.settings);
  const scales = { scaleX: width / facts.width, scaleY: height / facts.height };
  const place = { picture: { x: 0, y: 0, width, height }, ...scales, lineWidth: Math.max(1.5, size / 7), fontSize: size };
  if (state.settings.area) drawAreas(context, chosen.areas, place);
  if (overlay) drawMask(context, overlay, state.settings, place);
  context.font = `${size}px system-ui, sans-serif`;
  context.textBaseline = 'top';
  context.fillStyle = '#fff';
  lines.forEach((line, at) => context.fillText(line, size * 0.6, height + size * (0.4 + 1.5 * at), width - size * 1.2));
  burnIn(context, { width, height }, size);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob) handOver(blob, `angiocast-${facts.run ?? state.chosen}-${facts.frame ?? 0}.png`.replace(/[^\w.-]+/g, '_'));
  return blob !== null;
}

function captions(state: ViewerState, { picture: { facts }, overlay, as }: Chosen): readonly string[] {
  const row = rowOf(state);
  const mask = overlay?.mask.facts;
  const taken = dateAndTime(facts.capturedAt);
  return [
    `${row?.name ?? state.chosen} · run ${facts.run ?? '–'} · frame ${facts.frame ?? '–'} · ${taken} · ${as}`,
    mask && overlay
      ? `${overlayMark(overlay)} · ${foundInShort(mask)} · ${mask.model.name} ${mask.model.version} on ${mask.provider}`
      : 'no mask',
    RESEARCH_USE,
  ];
}

/** Within the picture too, so that cutting off the lines below does not make another thing of it. */
function burnIn(
  context: CanvasRenderingContext2D,
  { width, height }: { readonly width: number; readonly height: number },
  size: number,
): void {
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  context.lineWidth = size / 4;
  context.strokeStyle = 'rgb(0 0 0 / 0.6)';
  context.fillStyle = 'rgb(255 255 255 / 0.75)';
  context.strokeText(RESEARCH_USE, width / 2, height - size * 0.4);
  context.fillText(RESEARCH_USE, width / 2, height - size * 0.4);
}

function handOver(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
