import type { SourceEvent } from '../acquire/source';
import type { Acquisition, FrameFacts } from '../frame';
import type { EarlierAcquisition } from './earlier-acquisitions';

/** What a captured frame shows; all other events of the source pass unchanged. */
export type ClassifiedFrame =
  /** The first frame of a new acquisition. */
  | { readonly kind: 'unique'; readonly acquisition: Acquisition; readonly difference: number }
  /** The previous picture again. `alive`: something outside the image area (a clock, a dose display) changed. */
  | { readonly kind: 'repeated'; readonly frame: FrameFacts; readonly alive: boolean }
  /** Acquisitions reported before the image area was known, oldest first, again with the area that is known now. */
  | { readonly kind: 'reframed'; readonly at: number; readonly acquisitions: readonly Acquisition[] }
  /** The first frame of an earlier acquisition that the workstation shows again. */
  | { readonly kind: 'replayed'; readonly frame: FrameFacts; readonly of: EarlierAcquisition }
  /** Partly the last acquisition, partly the next: torn, combed, blended or half drawn. */
  | { readonly kind: 'mixed'; readonly frame: FrameFacts }
  /** Nothing: black, uniform grey, or noise alone. */
  | { readonly kind: 'blank'; readonly frame: FrameFacts }
  | Exclude<SourceEvent, { kind: 'frame' }>;

/** A captured frame without a new acquisition. */
export type WithoutAcquisition = Extract<ClassifiedFrame, { kind: 'repeated' | 'replayed' | 'mixed' | 'blank' }>;

export const isWithoutAcquisition = <S extends { readonly kind: string }>(event: S): event is S & WithoutAcquisition =>
  event.kind === 'repeated' || event.kind === 'replayed' || event.kind === 'mixed' || event.kind === 'blank';
