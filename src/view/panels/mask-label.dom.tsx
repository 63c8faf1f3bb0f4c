import { overlayMark } from '../state/format';
import type { Overlay } from '../state/overlay';

interface MaskLabelProps {
  readonly overlay: Overlay | null;
  readonly id?: string;
  /** What else there is to say of it. */
  readonly more?: string | undefined;
}

/** Names the mask that lies on a picture, and its age where it is that of another. */
export function MaskLabel({ overlay, id, more }: MaskLabelProps) {
  return (
    <span id={id} class="mask-label" data-kind={overlay?.kind ?? ''}>
      {overlay ? `${overlayMark(overlay)}${more === undefined ? '' : `: ${more}`}` : ''}
    </span>
  );
}
