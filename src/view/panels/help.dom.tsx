import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Actions } from '../actions.dom';
import { shortcuts } from '../state/command';
import { RESEARCH_USE } from '../state/format';

/** The keys, and what is drawn. */
export function Help({ keys, act }: { readonly keys: boolean; readonly act: Actions }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog id="help" ref={dialog} aria-labelledby="help-title" onClose={() => act.command({ kind: 'leave' })}>
      <h2 id="help-title">Keys</h2>
      <dl>
        {shortcuts.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p>
        <button id="single-keys" type="button" aria-pressed={keys} onClick={() => act.command({ kind: 'toggle', what: 'keys' })}>
          {keys ? 'Keys are on: switch letters, digits and signs off' : 'Only arrows and Esc are on: switch letters, digits and signs on'}
        </button>
      </p>
      <h2>What is drawn</h2>
      <p>
        A mask is drawn in full only on the very image it was found on. On later images of the same run you see its outline, broken, fading
        and labelled with its age; once it is history, nothing. A dimmed picture in a coloured frame shows the past: icon, word and age say
        why.
      </p>
      <h2>What the words mean</h2>
      <dl class="glossary">
        {glossary.map(([word, meaning]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p>{RESEARCH_USE}.</p>
      <form method="dialog">
        <button type="submit">
          Close <kbd>Esc</kbd>
        </button>
      </form>
    </dialog>
  );
}

/** The words of the page, for readers of angiograms. */
const glossary: readonly (readonly [word: string, meaning: string])[] = [
  ['run', 'the images acquired while the pedal is down, numbered from 0'],
  ['key frame', 'the image of a run in which the tumour is segmented: contrast has arrived, and the image is stable'],
  [
    'stabilised',
    'the key frame while the run goes on, as soon as the image is stable; found some images later, since those must be seen first',
  ],
  ['improved', 'a better key frame than the last one turned up'],
  ['final', 'the best of the last 15 images that show contrast, once the run is over'],
  ['candidate', 'the image that would be the key frame if the image were stable now'],
  [
    'contrast',
    'how much contrast agent darkens the image against the first ones of the run, in grey levels of 256. The chart is at least 10 high',
  ],
  [
    'change',
    'how much an image differs from those before and after it, in grey levels of 256: the less, the more stable. The least is the key frame',
  ],
  [
    'probability',
    'how sure the model is of a lesion: the mean tumour probability within its outline. Not the probability that this patient has a tumour',
  ],
  [
    'images missing',
    'the model takes ten images up to the key frame; where the run was joined late, the first one stands in for missing ones',
  ],
  ['not assessed', 'no image of the run shows contrast: nothing is known of tumours'],
  ['image area', 'the part of the monitor’s picture that shows the X-ray image; only this part is analysed'],
  ['history', 'the mask was found on an image that is no longer current'],
  ['Held', 'the pedal is up; the last image stays on the monitor'],
  ['Replay', 'the monitor shows earlier images again; they start no new run, and the key frame is that of their run'],
  ['Blank', 'the monitor shows no image; the picture is the last one before'],
  ['Frozen', 'nothing moves on the monitor, not even its clock: the picture may be old'],
  ['Delayed', 'pictures come late: the picture is old'],
  ['Signal lost', 'the connection to the monitor is gone; another word in its place tells what to fix'],
  ['No answer', 'the server sends nothing: everything on this page may be old'],
];
