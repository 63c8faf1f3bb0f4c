import type { Actions } from '../actions.dom';
import { foundInShort, notAssessed, runName, timeOfDay } from '../state/format';
import type { ViewerState } from '../state/viewer-state';
import { recordedInShort } from './recorded-run';
import { pastRuns, type PastRun } from './review';
import { Thumbnail } from './thumbnail.dom';

const SHOWN = 24;

/** The runs of the stream, newest first; a click opens one. */
export function History({ state, act }: { readonly state: ViewerState; readonly act: Actions }) {
  const runs = pastRuns(state.archive, state.recorded, state.chosen).slice(0, SHOWN);
  return (
    <nav id="history" aria-label="Run history">
      <h2>Runs</h2>
      {runs.length === 0 && <p class="small">None yet</p>}
      <ol>
        {runs.map((past) => (
          <li key={past.id}>
            <button
              type="button"
              data-run={past.id}
              aria-current={state.review?.past.id === past.id}
              title={`Review run ${past.run.run}`}
              onClick={() => act.openRun(past.id)}
            >
              <Thumbnail past={past} settings={state.settings} act={act} />
              <span>
                <b>{runName(past.run.run, state.chosen)}</b> {timeOfDay(past.run.startedAt)}
              </span>
              <span class="small">{found(past)}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function found(past: PastRun): string {
  if (past.kind === 'kept') {
    const mask = past.run.masks.at(-1);
    return mask ? foundInShort(mask.facts) : (notAssessed(past.run) ?? 'no mask');
  }
  return recordedInShort(past.run);
}
