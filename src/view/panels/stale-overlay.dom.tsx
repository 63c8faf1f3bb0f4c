import type { Glance } from '../state/display-state';
import { Sign } from './state-icon.dom';
import { age } from '../state/format';

interface VeilProps {
  readonly glance: Glance;
  /** Capture of the picture below; null for none. */
  readonly capturedAt: number | null;
  readonly now: number;
  /** Of the element with the age. */
  readonly id?: string;
}

/** Over a picture that shows the past: frame, sign, word and age, impossible to overlook. Nothing over a current one. */
export function Veil({ glance, capturedAt, now, id }: VeilProps) {
  if (glance.current) return null;
  return (
    <div class="veil" data-state={glance.kind}>
      <p>
        <Sign kind={glance.kind} /> <strong>{glance.word}</strong>{' '}
        <span id={id}>{capturedAt === null ? 'No picture' : `Picture ${age(now - capturedAt)} old`}</span>
      </p>
    </div>
  );
}
