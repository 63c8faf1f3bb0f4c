import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Actions } from '../actions.dom';
import { shortcuts } from '../state/command';
import { RESEARCH_USE } from '../state/format';

/** The keys, and what the marks mean. */
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
          {keys
            ? 'Letters, digits and signs are heard: switch them off'
            : 'Only arrows and Esc are heard: switch letters, digits and signs on'}
        </button>
      </p>
      <h2>What is drawn</h2>
      <p>
        A full mask lies only on the very image it was found on. On later images of the same run you see its outline, broken, fading and
        marked with its age; once it is history, nothing. A dimmed picture in a coloured frame shows the past: its sign, word and age say
        why.
      </p>
      <h2>What the words mean</h2>
      <dl class="glossary">
        {glossary.map(([word, means]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{means}</dd>
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

/** The words of the page, for who reads angiograms. */
export const glossary: readonly (readonly [word: string, means: string])[] = [
  ['run', 'what is acquired while the pedal is down; its images are numbered from 0'],
  ['key frame', 'the image of a run on which the tumour is looked for: contrast has filled it, and it stands still'],
  [
    'stabilised',
    'the key frame while the run goes on, as soon as the image stands still; found some images later, for they have to be seen first',
  ],
  ['improved', 'a better key frame than the last one turned up'],
  ['final', 'the best of the last 15 images that show contrast, once the run is over'],
  ['candidate', 'the image that would be the key frame if the image stood still now'],
  [
    'contrast',
    'how much darker the image is than the first ones of the run, in grey levels of 256: what contrast agent does. The chart is at least 10 high',
  ],
  [
    'change',
    'how much an image differs from those before and after it, in grey levels of 256: the less, the stiller. The least is the key frame',
  ],
  [
    'probability',
    'how sure the model is of a lesion: the mean tumour probability within its outline. No probability that this patient has a tumour',
  ],
  [
    'images missing',
    'the model looks at ten images up to the key frame; where the run was joined late, the first one stands in for those that are missing',
  ],
  ['not assessed', 'no image of the run shows contrast: nothing is known of tumours'],
  ['image area', 'the part of the monitor’s picture that shows X-ray: only it is looked at, and masks are of it'],
  ['history', 'the mask was found on an image that is no longer the one at hand'],
  ['Held', 'the pedal is up, the last image stands'],
  [
    'Replay',
    'the monitor shows images once more that were seen before; they make no new run, and the key frame beside is that of their run',
  ],
  ['Blank', 'the monitor shows no image; the picture is the last one before'],
  ['Frozen', 'nothing moves on the monitor, not even its clock: the picture may be old'],
  ['Delayed', 'pictures come late: the picture is old'],
  ['Signal lost', 'the connection to the monitor is gone; where a word says why, that has to be mended'],
  ['No answer', 'the server says nothing: everything on this page may be old'],
];
