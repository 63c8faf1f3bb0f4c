import type { Actions } from '../actions.dom';
import { isCurrent, type DisplayState } from '../state/display-state';
import { age, RESEARCH_USE } from '../state/format';
import { livePicture } from '../state/stream-view';
import { rowOf, type ViewerState, viewOf } from '../state/viewer-state';
import { StateIcon } from './status.dom';

interface HeaderProps {
  readonly state: ViewerState;
  readonly display: DisplayState;
  readonly now: number;
  readonly act: Actions;
}

/** The state of the stream, the other streams, and whether the system is ready. */
export function Header({ state, display, now, act }: HeaderProps) {
  const row = rowOf(state);
  return (
    <header>
      <h1>
        angiocast <span class="stream-name">{row?.name ?? state.chosen}</span>
      </h1>
      <span id="state" role="status" data-state={display.kind}>
        <StateIcon kind={display.kind} /> {state.review ? `Feed: ${display.word}` : display.word}
      </span>
      <span id="reason" title={reasonOf(state, display, now)}>
        {reasonOf(state, display, now)}
      </span>
      {state.rows.length > 1 && <Streams state={state} display={display} act={act} />}
      <Ready state={state} />
      <strong id="research">{RESEARCH_USE}</strong>
    </header>
  );
}

/** The reason of the state, as far as it is known. */
export function reasonOf(state: ViewerState, { kind, meaning }: DisplayState, now: number): string {
  const { linkReason, rows, chosen } = state;
  const newest = livePicture(viewOf(state, chosen));
  if (kind === 'held' && newest) return `${meaning}, picture ${age(now - newest.facts.capturedAt)} old`;
  if (kind === 'connecting' && rows.length > 0 && !rows.some(({ id }) => id === chosen))
    return `there is no stream ${chosen}; there ${rows.length === 1 ? 'is' : 'are'} ${rows.map(({ id }) => id).join(', ')}`;
  return state.link !== 'refused' && (kind === 'disconnected' || kind === 'silent')
    ? `nothing here is current${linkReason === '' ? '' : `: ${linkReason}`}`
    : meaning;
}

function Streams({ state, display, act }: Omit<HeaderProps, 'now'>) {
  return (
    <nav id="streams" aria-label="Streams">
      {state.rows.map((row, at) => {
        // Without the server, the states of the others are unknown too.
        const kind = row.id === state.chosen || state.link !== 'open' ? display.kind : row.state;
        return (
          <button
            key={row.id}
            type="button"
            data-state={kind}
            data-alarm={String(!isCurrent(kind))}
            aria-pressed={row.id === state.chosen}
            title={`${row.state}${at < 9 ? ` (key ${at + 1})` : ''}`}
            onClick={() => act.choose(row.id)}
          >
            <StateIcon kind={kind} /> {row.name}
          </button>
        );
      })}
    </nav>
  );
}

/** Whether the model is warm and the server answers. */
export function Ready({ state: { readiness, link } }: { readonly state: ViewerState }) {
  const ready = link === 'open' && readiness?.ready === true;
  const why = link === 'refused' ? 'no access' : link !== 'open' || readiness === null ? 'no answer' : readiness.reasons.join('; ');
  return (
    <span id="ready" data-ready={String(ready)}>
      {ready ? '✓ System ready' : `✗ Not ready: ${why}`}
    </span>
  );
}
