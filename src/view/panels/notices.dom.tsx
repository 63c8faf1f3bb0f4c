import { useState } from 'preact/hooks';
import type { Actions } from '../actions.dom';
import { isToken, refusalText } from '../state/access';
import { timeOfDay } from '../state/format';
import type { Notice } from '../state/notices';
import type { ViewerState } from '../state/viewer-state';

/** Why the server refuses this screen, the remedy, and a field for the token where one is missing. */
export function RefusalPanel({ state, act }: { readonly state: ViewerState; readonly act: Actions }) {
  const [token, setToken] = useState('');
  if (state.link !== 'refused') return null;
  const { linkCode, linkReason, tokenGiven } = state;
  const { why, remedy } = refusalText(linkCode, linkReason, { origin: location.origin, given: tokenGiven });
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

/** What was left out because it was wrong, by kind and with its count. */
export function NoticeList({ notices, act }: { readonly notices: readonly Notice[]; readonly act: Actions }) {
  if (notices.length === 0) return null;
  return (
    <aside id="notices" aria-label="Left out" aria-live="polite">
      {notices.map(({ kind, text, count, at }) => (
        <p key={kind} data-notice={kind} data-count={count}>
          <b>{count > 1 ? `⚠ ${count} ×` : '⚠'}</b> <span>{text}</span> <span class="small">{timeOfDay(at)}</span>
          <button type="button" aria-label={`Dismiss: ${text}`} onClick={() => act.dismiss(kind)}>
            ×
          </button>
        </p>
      ))}
    </aside>
  );
}
