import type { InvalidReason, StreamState } from '../event';
import type { Lesion } from '../mask/tumour-mask';
import type { StreamView } from './stream-view';

/** What a state is called on the screen; the sign tells it apart without colour. */
export const stateWords: Readonly<Record<StreamState, { readonly sign: string; readonly word: string; readonly meaning: string }>> = {
  connecting: { sign: '…', word: 'Connecting', meaning: 'No picture has come yet' },
  live: { sign: '●', word: 'Live', meaning: 'New acquisitions arrive' },
  held: { sign: '❚❚', word: 'Held', meaning: 'Last image hold: the image stands still' },
  frozen: { sign: '✱', word: 'Frozen', meaning: 'The feed stands still: what is shown is old' },
  lost: { sign: '✕', word: 'Signal lost', meaning: 'The connection to the source is gone' },
  ended: { sign: '■', word: 'Ended', meaning: 'The recording is over' },
};

export const invalidWords: Readonly<Record<InvalidReason, string>> = {
  'new-run': 'a new run has begun',
  'scene-change': 'table or C-arm moved',
  'source-lost': 'the source was lost',
  superseded: 'a better key frame was found',
};

/** Whether the picture shows what is happening, or only what was. */
export function isCurrent(state: StreamState): boolean {
  return state === 'live' || state === 'held';
}

/** `0.4 s`, `12 s`, `3 min`. */
export function age(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/** The longest diameter of a lesion, in mm where the pixel spacing is known. */
export function diameter({ longestDiameterMm, longestDiameterPx }: Lesion): string {
  return longestDiameterMm === null ? `${Math.round(longestDiameterPx)} px` : `${longestDiameterMm.toFixed(1)} mm`;
}

export function area({ areaMm2, areaPx }: Lesion): string {
  return areaMm2 === null ? `${Math.round(areaPx)} px²` : `${Math.round(areaMm2)} mm²`;
}

/** A run as one says it beside its stream: without the stream's name. */
export function runName(run: string, stream: string): string {
  return run.startsWith(`${stream}-`) && run.length > stream.length + 1 ? run.slice(stream.length + 1) : run;
}

/** How the mask is marked where it lies on an image: on its own by its name, on another also by its age. */
export function maskMark({ mask, invalid }: StreamView, shownCapturedAt: number, now: number): string | null {
  if (!mask || invalid) return null;
  const { frame, status, capturedAt } = mask.facts;
  return capturedAt === shownCapturedAt ? `key frame ${frame}, ${status}` : `outline of key frame ${frame}, ${age(now - capturedAt)} old`;
}
