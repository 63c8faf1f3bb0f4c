import { useState } from 'preact/hooks';
import type { Actions } from '../actions.dom';
import { isToken, refusalWords } from '../state/refusal';
import type { ViewerState } from '../state/viewer-state';

/** Why the server does not let this screen in, what can be done, and a place for the token where that is it. */
export function RefusalPanel({ state, act }: { readonly state: ViewerState; readonly act: Actions }) {
  const [token, setToken] = useState('');
  if (state.link !== 'refused') return null;
  const { linkCode, linkReason, tokenGiven } = state;
  const { why, remedy } = refusalWords(linkCode, linkReason, { origin: location.origin, given: tokenGiven });
  return (
    <section id="refusal" role="alert" data-code={linkCode}>
      <strong>{why}</strong>
      <span>{remedy}</span>
      {linkCode === 'unauthorised' && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (isToken(token)) act.useToken(token);
          }}
        >
          <label>
            Token <input type="password" autocomplete="off" value={token} onInput={(event) => setToken(event.currentTarget.value.trim())} />
          </label>
          <button type="submit" disabled={!isToken(token)}>
            Connect
          </button>
        </form>
      )}
    </section>
  );
}
