import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { FrameMessage } from '../../protocol/messages';
import type { Overlay } from '../state/overlay';
import type { Settings } from '../state/settings';
import type { EncodedPicture, ReceivedMask } from '../state/stream-view';
import { visible } from './overlay-drawing.dom';
import { PictureCanvas } from './picture-canvas.dom';
import { PictureDecoder } from './picture-decoder.dom';
import { areaOfMask, type ShownArea } from './shown-areas';

export interface PictureProps {
  readonly id: string;
  readonly label: string;
  readonly picture: EncodedPicture | null;
  /** What may be drawn on a picture: asked of the one that is on the canvas, which may be older than `picture`. */
  readonly overlayOn: (shown: FrameMessage) => Overlay | null;
  /** Which places are outlined on it, where the settings have it; unless given, that of its mask. */
  readonly areasOn?: (shown: FrameMessage) => readonly ShownArea[];
  readonly settings: Settings;
  readonly fault: (picture: EncodedPicture, why: string) => void;
  /** A mask is on the glass, on its own picture. Told once a mask. */
  readonly painted?: (mask: ReceivedMask) => void;
  /** What stands over the picture. */
  readonly children?: (shown: FrameMessage | null, overlay: Overlay | null) => ComponentChildren;
}

interface Parts {
  readonly canvas: PictureCanvas;
  readonly decoder: PictureDecoder;
}

/** A picture with its mask. */
export function Picture({ id, label, picture, overlayOn, areasOn, settings, fault, painted, children }: PictureProps) {
  const element = useRef<HTMLCanvasElement>(null);
  const parts = useRef<Parts | null>(null);
  const paintedMask = useRef<ReceivedMask | null>(null);
  const faultNow = useRef(fault);
  faultNow.current = fault;
  const [, redraw] = useState(0);

  useLayoutEffect(() => {
    if (!element.current) return;
    const again = (): void => {
      if (parts.current) redraw((count) => (count + 1) % 1000);
    };
    const made = {
      canvas: new PictureCanvas(element.current, again),
      decoder: new PictureDecoder(again, (bad, why) => faultNow.current(bad, why)),
    };
    parts.current = made;
    return () => {
      parts.current = null;
      made.canvas.close();
      made.decoder.show(null);
    };
  }, []);

  const shown = parts.current?.decoder.decoded?.picture.facts ?? null;
  const allowed = shown && overlayOn(shown);
  const overlay = visible(allowed, settings);
  const areas = shown && settings.area ? (areasOn?.(shown) ?? areaOfMask(allowed)) : [];

  useLayoutEffect(() => {
    parts.current?.decoder.show(picture);
    parts.current?.canvas.draw(parts.current.decoder.decoded, overlay, areas, settings);
    if (!painted || overlay?.kind !== 'own' || overlay.mask === paintedMask.current) return;
    const { mask } = overlay;
    paintedMask.current = mask;
    // What is drawn now is on the glass when the next frame begins.
    requestAnimationFrame(() => requestAnimationFrame(() => painted(mask)));
  });

  return (
    <div class="picture">
      <canvas id={id} ref={element} role="img" aria-label={label} />
      {children?.(shown, overlay)}
    </div>
  );
}
