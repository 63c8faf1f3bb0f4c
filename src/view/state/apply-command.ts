import { mostTelling, otherRun, pastRuns, reviewOf, stepped } from '../review/review';
import type { Command } from './command';
import { toggled, withNextPalette, withOpacity } from './settings';
import type { ViewerState } from './viewer-state';

/** What the page knows after a command; those that change nothing here (`save`) are carried out elsewhere. */
export function applyCommand(state: ViewerState, command: Exclude<Command, { kind: 'stream' }>): ViewerState {
  const { settings, review } = state;
  switch (command.kind) {
    case 'toggle':
      return { ...state, settings: toggled(settings, command.what) };
    case 'opacity':
      return { ...state, settings: withOpacity(settings, command.steps) };
    case 'palette':
      return { ...state, settings: withNextPalette(settings) };
    case 'review': {
      const latest = mostTelling(pastRuns(state.archive, state.recorded, state.chosen));
      return { ...state, review: review || !latest ? null : reviewOf(latest) };
    }
    case 'step':
      return review ? { ...state, review: stepped(review, command.frames) } : state;
    case 'other-run':
      return review ? { ...state, review: otherRun(review, pastRuns(state.archive, state.recorded, state.chosen), command.older) } : state;
    case 'trace':
      return { ...state, tracing: !state.tracing };
    case 'kiosk':
      return { ...state, mode: state.mode === 'kiosk' ? 'desk' : 'kiosk', review: null, help: false };
    case 'help':
      return { ...state, help: !state.help };
    case 'leave':
      if (state.help) return { ...state, help: false };
      return { ...state, review: null, mode: state.review ? state.mode : 'desk' };
    case 'save':
      return state;
  }
}
