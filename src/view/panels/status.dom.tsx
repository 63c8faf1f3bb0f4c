import type { DisplayKind, DisplayState } from '../state/display-state';
import { age } from '../state/format';
import { overlayLabel } from '../state/mask-text';
import type { Overlay } from '../state/overlay';

/** Paths: not every font has such characters. */
const paths: Readonly<Record<DisplayKind, string>> = {
  connecting: 'M3 8h2v2H3zM7 8h2v2H7zM11 8h2v2h-2z',
  live: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2z',
  held: 'M3 2h4v12H3zM9 2h4v12H9z',
  frozen: 'M7 1h2v4l3.2-2 1 1.7L10 7v2l3.2 2.3-1 1.7L9 11v4H7v-4l-3.2 2-1-1.7L6 9V7L2.8 4.7l1-1.7L7 5z',
  lost: 'M3.4 2 8 6.6 12.6 2 14 3.4 9.4 8l4.6 4.6-1.4 1.4L8 9.4 3.4 14 2 12.6 6.6 8 2 3.4z',
  ended: 'M3 3h10v10H3z',
  blank: 'M1 2h14v10H1zM3 4v6h10V4zM5 13h6v2H5z',
  replay: 'M8 3V0L3.5 4 8 8V5a4.5 4.5 0 1 1-4.5 4.5H1.5A6.5 6.5 0 1 0 8 3z',
  delayed: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zm0 2a5 5 0 1 0 0 10A5 5 0 0 0 8 3zm-1 1h2v4l2.5 2-1.2 1.5L7 9z',
  silent: 'M2 3h12v8H8l-4 3v-3H2zM5 6v2h6V6z',
  disconnected: 'M8 1l7.5 13.5H.5zM7 6v4h2V6zm0 5.2v2h2v-2z',
};

/** The icon of a state; shapes differ, not only colours. */
export function StateIcon({ kind }: { readonly kind: DisplayKind }) {
  return (
    <svg class="state-icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[kind]} fill-rule="evenodd" />
    </svg>
  );
}

interface StaleOverlayProps {
  readonly display: DisplayState;
  /** When the picture below was captured; null for none. */
  readonly capturedAt: number | null;
  readonly now: number;
  /** The id of the element with the age. */
  readonly id?: string;
}

/** Over a picture that shows the past: a frame, icon, word and age, impossible to overlook. */
export function StaleOverlay({ display, capturedAt, now, id }: StaleOverlayProps) {
  if (display.current) return null;
  return (
    <div class="stale-overlay" data-state={display.kind}>
      <p>
        <StateIcon kind={display.kind} /> <strong>{display.word}</strong>{' '}
        <span id={id}>{capturedAt === null ? 'No picture' : `Picture ${age(now - capturedAt)} old`}</span>
      </p>
    </div>
  );
}

interface MaskLabelProps {
  readonly overlay: Overlay | null;
  readonly id?: string;
  /** Added after a colon. */
  readonly more?: string | undefined;
}

/** Names the mask on a picture, with its age where it belongs to another. */
export function MaskLabel({ overlay, id, more }: MaskLabelProps) {
  return (
    <span id={id} class="mask-label" data-kind={overlay?.kind ?? ''}>
      {overlay ? `${overlayLabel(overlay)}${more === undefined ? '' : `: ${more}`}` : ''}
    </span>
  );
}
