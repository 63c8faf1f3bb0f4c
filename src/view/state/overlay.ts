import type { FrameMessage } from '../../protocol/messages';
import { type KeptRun, maskOf } from './run-archive';
import type { EncodedPicture, ReceivedMask, StreamView } from './stream-view';

/** A mask over a picture: in full on its own, a broken outline that fades with age on a later one of the run. */
export type Overlay =
  | { readonly kind: 'own'; readonly mask: ReceivedMask }
  | { readonly kind: 'outline'; readonly mask: ReceivedMask; readonly ageMs: number; readonly alpha: number };

const FADED_AFTER_MS = 10_000;
const FAINTEST = 0.35;

/** On the live picture: nothing once the mask is history, or without a server to tell whether it is. */
export function liveOverlay(view: StreamView, shown: FrameMessage, now: number, connected: boolean): Overlay | null {
  const { mask, invalid } = view;
  if (!mask || invalid !== null || mask.facts.run !== shown.run) return null;
  if (belongs(mask, shown)) return { kind: 'own', mask };
  if (!connected || shown.capturedAt < mask.facts.capturedAt) return null;
  const ageMs = Math.max(0, now - mask.facts.capturedAt);
  return { kind: 'outline', mask, ageMs, alpha: faded(ageMs) };
}

/** On the key frame: the mask, also when it is history; never on another picture. */
export function keyOverlay({ mask }: StreamView, shown: FrameMessage): Overlay | null {
  return mask && belongs(mask, shown) ? { kind: 'own', mask } : null;
}

/** On a picture under review: its own mask. */
export function reviewOverlay(run: KeptRun, picture: EncodedPicture): Overlay | null {
  const mask = maskOf(run, picture);
  return mask && { kind: 'own', mask };
}

/** Whether it is the very image the mask was found on. */
function belongs({ facts }: ReceivedMask, shown: FrameMessage): boolean {
  return facts.run === shown.run && facts.frame === shown.frame && facts.capturedAt === shown.capturedAt;
}

/** In steps, so that a still picture is not redrawn all the time. */
function faded(ageMs: number): number {
  const left = 1 - Math.min(1, ageMs / FADED_AFTER_MS);
  return Math.round((FAINTEST + (1 - FAINTEST) * left) * 20) / 20;
}
