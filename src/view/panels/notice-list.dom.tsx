import type { Actions } from '../actions.dom';
import { timeOfDay } from '../state/format';
import type { Notice } from '../state/notices';

/** What was wrong and was left out, by kind; each counts. */
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
