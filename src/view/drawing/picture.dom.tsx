import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { FrameMessage } from '../../protocol/messages';
import type { Overlay } from '../state/overlay';
import type { Settings } from '../state/settings';
import type { EncodedPicture, ReceivedMask } from '../state/stream-view';
import { visibleOverlay } from './overlay-drawing.dom';
import { PictureCanvas } from './picture-canvas.dom';
import { PictureDecoder } from './picture-decoder.dom';
import { areaOfMask, type ShownArea } from './shown-areas';

interface PictureProps {
  readonly id: string;
  readonly label: string;
  readonly picture: EncodedPicture | null;
  /** The overlay for the picture on the canvas, which may be older than `picture`. */
  readonly overlayOn: (shown: FrameMessage) => Overlay | null;
  /** The areas to outline where the settings ask for it; by default that of the mask. */
  readonly areasOn?: (shown: FrameMessage) => readonly ShownArea[];
  readonly settings: Settings;
  readonly fault: (picture: EncodedPicture, reason: string) => void;
  /** Called once for each mask that is on the screen, on its own picture. */
  readonly painted?: (mask: ReceivedMask) => void;
  /** Elements over the picture. */
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
  const latestFault = useRef(fault);
  latestFault.current = fault;
  const [, redraw] = useState(0);

  useLayoutEffect(() => {
    if (!element.current) return;
    const drawAgain = (): void => {
      if (parts.current) redraw((count) => (count + 1) % 1000);
    };
    const created = {
      canvas: new PictureCanvas(element.current, drawAgain),
      decoder: new PictureDecoder(drawAgain, (bad, reason) => latestFault.current(bad, reason)),
    };
    parts.current = created;
    return () => {
      parts.current = null;
      created.canvas.close();
      created.decoder.show(null);
    };
  }, []);

  const shown = parts.current?.decoder.decoded?.picture.facts ?? null;
  const possible = shown && overlayOn(shown);
  const overlay = visibleOverlay(possible, settings);
  const areas = shown && settings.area ? (areasOn?.(shown) ?? areaOfMask(possible)) : [];

  useLayoutEffect(() => {
    parts.current?.decoder.show(picture);
    parts.current?.canvas.draw(parts.current.decoder.decoded, overlay, areas, settings);
    if (!painted || overlay?.kind !== 'own' || overlay.mask === paintedMask.current) return;
    const { mask } = overlay;
    paintedMask.current = mask;
    // What is drawn now is on the screen when the next frame begins.
    requestAnimationFrame(() => requestAnimationFrame(() => painted(mask)));
  });

  return (
    <div class="picture">
      <canvas id={id} ref={element} role="img" aria-label={label} />
      {children?.(shown, overlay)}
    </div>
  );
}
