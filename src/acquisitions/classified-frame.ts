import type { SourceEvent } from '../acquire/source';
import type { Acquisition, FrameFacts } from '../frame';
import type { EarlierAcquisition } from './earlier-acquisitions';

/** What a captured frame turned out to be; everything else the source says passes as it is. */
export type ClassifiedFrame =
  /** The first frame that shows a new picture. */
  | { readonly kind: 'unique'; readonly acquisition: Acquisition; readonly difference: number }
  /** The picture before, once more. `alive`: something outside the image area (a clock, a dose display) changed. */
  | { readonly kind: 'repeated'; readonly frame: FrameFacts; readonly alive: boolean }
  /** Acquisitions that were told before the image area was known, oldest first, once more: now in it. */
  | { readonly kind: 'reframed'; readonly at: number; readonly acquisitions: readonly Acquisition[] }
  /** An earlier acquisition, shown once more by the workstation: the first frame that shows it. */
  | { readonly kind: 'replayed'; readonly frame: FrameFacts; readonly of: EarlierAcquisition }
  /** Partly the acquisition before, partly the one that comes: torn, combed, blended or half drawn. */
  | { readonly kind: 'mixed'; readonly frame: FrameFacts }
  /** A picture that shows nothing: black, one grey, or noise alone. */
  | { readonly kind: 'blank'; readonly frame: FrameFacts }
  | Exclude<SourceEvent, { kind: 'frame' }>;

/** A captured frame that brings no acquisition. */
export type WithoutAcquisition = Extract<ClassifiedFrame, { kind: 'repeated' | 'replayed' | 'mixed' | 'blank' }>;

export const isWithoutAcquisition = <S extends { readonly kind: string }>(event: S): event is S & WithoutAcquisition =>
  event.kind === 'repeated' || event.kind === 'replayed' || event.kind === 'mixed' || event.kind === 'blank';
