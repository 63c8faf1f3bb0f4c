import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Actions } from '../actions.dom';
import { shortcuts } from '../state/command';
import { RESEARCH_USE } from '../state/format';
import { glossary } from './glossary';

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
