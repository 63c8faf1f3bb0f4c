import type { DisplayState } from '../state/display-state';
import { age, largestInShort } from '../state/format';
import { isHistory, type ServerConnection, livePicture, type StreamView } from '../state/stream-view';
import { StateIcon } from './state-icon.dom';

interface FarFactsProps {
  readonly view: StreamView;
  readonly link: ServerConnection;
  readonly display: DisplayState;
  readonly now: number;
  /** Why the latest key frame has no mask. */
  readonly failed: string | null;
  /** Of the element with the state. */
  readonly id?: string;
  /** In few letters, where there is little room. */
  readonly brief?: boolean;
}

/** What is read from three metres, and nothing else: the state, how old the picture is, the largest lesion. */
export function FarFacts({ view, link, display, now, failed, id, brief = false }: FarFactsProps) {
  const newest = livePicture(view);
  const history = isHistory(view, link) || (view.mask !== null && view.mask.facts.run !== view.run);
  const none = (words: string): string => (brief ? '–' : words);
  return (
    <p class="headline">
      <span id={id} class="state" role="status" data-state={display.kind}>
        <StateIcon kind={display.kind} /> {display.word}
      </span>
      <span class="age" title="Age of the picture">
        {newest ? `${age(now - newest.facts.capturedAt)}${brief ? '' : ' old'}` : none('no picture')}
      </span>
      <span class="largest-lesion" title="Largest lesion" data-invalid={String(history)}>
        {failed ?? (history ? none('no mask now') : largestInShort(view).replace(/^no mask$/, none))}
      </span>
    </p>
  );
}
