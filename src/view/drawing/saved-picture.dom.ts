import { squared } from '../../frame';
import { reviewedPicture } from '../review/review';
import { dateAndTime, RESEARCH_USE } from '../state/format';
import { maskSummary, overlayLabel } from '../state/mask-text';
import { keyOverlay, liveOverlay, reviewOverlay, type Overlay } from '../state/overlay';
import { isHistory, keyPicture, livePicture, type EncodedPicture } from '../state/stream-view';
import { rowOf, viewOf, type ViewerState } from '../state/viewer-state';
import { drawAreas, drawMask, visibleOverlay } from './overlay-drawing.dom';
import { decodePicture } from './picture-decoder.dom';
import { areaOfMask, type ShownArea, shownAreas } from './shown-areas';

interface SavedPicture {
  readonly picture: EncodedPicture;
  readonly overlay: Overlay | null;
  readonly areas: readonly ShownArea[];
  /** What the picture is, for the lines below it. */
  readonly caption: string;
}

/** The picture under review, else the key frame with its mask, else the live picture. */
function chosenPicture(state: ViewerState, now: number): SavedPicture | null {
  const { review } = state;
  if (review) {
    const at = reviewedPicture(review);
    if (!at || review.past.kind !== 'kept') return null;
    const overlay = reviewOverlay(review.past.run, at.picture);
    return { picture: at.picture, overlay, areas: areaOfMask(overlay), caption: 'review, not live' };
  }
  const view = viewOf(state, state.chosen);
  const key = keyPicture(view);
  if (key) {
    const overlay = keyOverlay(view, key.facts);
    return { picture: key, overlay, areas: areaOfMask(overlay), caption: isHistory(view, state.link) ? 'key frame, history' : 'key frame' };
  }
  const live = livePicture(view);
  return (
    live && {
      picture: live,
      overlay: liveOverlay(view, live.facts, now, state.link === 'open'),
      areas: shownAreas(rowOf(state), live.facts),
      caption: state.link === 'open' ? 'live' : 'last picture, no answer from the server',
    }
  );
}

/**
 * Downloads the picture as PNG in captured pixels, made square, with its mask as drawn and lines that name it; that it
 * is for research only is burned in. False when there is no picture.
 */
export async function savePicture(state: ViewerState, now: number): Promise<boolean> {
  const chosen = chosenPicture(state, now);
  if (!chosen) return false;
  const { facts } = chosen.picture;
  const bitmap = await decodePicture(chosen.picture);
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
  const overlay = visibleOverlay(chosen.overlay, state.settings);
  const scales = { scaleX: width / facts.width, scaleY: height / facts.height };
  const place = { picture: { x: 0, y: 0, width, height }, ...scales, lineWidth: Math.max(1.5, size / 7), fontSize: size };
  if (state.settings.area) drawAreas(context, chosen.areas, place);
  if (overlay) drawMask(context, overlay, state.settings, place);
  context.font = `${size}px system-ui, sans-serif`;
  context.textBaseline = 'top';
  context.fillStyle = '#fff';
  lines.forEach((line, at) => context.fillText(line, size * 0.6, height + size * (0.4 + 1.5 * at), width - size * 1.2));
  burnInResearchUse(context, { width, height }, size);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob) download(blob, `angiocast-${facts.run ?? state.chosen}-${facts.frame ?? 0}.png`.replace(/[^\w.-]+/g, '_'));
  return blob !== null;
}

function captions(state: ViewerState, { picture: { facts }, overlay, caption }: SavedPicture): readonly string[] {
  const row = rowOf(state);
  const mask = overlay?.mask.facts;
  const taken = dateAndTime(facts.capturedAt);
  return [
    `${row?.name ?? state.chosen} · run ${facts.run ?? '–'} · frame ${facts.frame ?? '–'} · ${taken} · ${caption}`,
    mask && overlay
      ? `${overlayLabel(overlay)} · ${maskSummary(mask)} · ${mask.model.name} ${mask.model.version} on ${mask.provider}`
      : 'no mask',
    RESEARCH_USE,
  ];
}

/** Also within the picture, which may be cut out. */
function burnInResearchUse(
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

function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
