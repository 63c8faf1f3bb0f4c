import type { DisplayState } from '../state/display-state';
import { age } from '../state/format';
import { StateIcon } from './state-icon.dom';

interface StaleOverlayProps {
  readonly display: DisplayState;
  /** Capture of the picture below; null for none. */
  readonly capturedAt: number | null;
  readonly now: number;
  /** Of the element with the age. */
  readonly id?: string;
}

/** Over a picture that shows the past: frame, sign, word and age, impossible to overlook. Nothing over a current one. */
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
