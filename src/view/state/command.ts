import { suggestedRun, otherRun, pastRuns, reviewOf, stepReview } from '../review/review';
import { type Toggle, toggled, withNextPalette, withOpacity } from './settings';
import type { ViewerState } from './viewer-state';

/** What a user can ask for by key or button. */
export type Command =
  | { readonly kind: 'toggle'; readonly what: Toggle }
  | { readonly kind: 'opacity'; readonly steps: number }
  | { readonly kind: 'palette' }
  | { readonly kind: 'stream'; readonly index: number }
  /** Opens the latest run with a mask; in a review, returns to live. */
  | { readonly kind: 'review' }
  | { readonly kind: 'step'; readonly frames: number }
  | { readonly kind: 'other-run'; readonly older: number }
  | { readonly kind: 'save' }
  | { readonly kind: 'trace' }
  | { readonly kind: 'kiosk' }
  | { readonly kind: 'help' }
  | { readonly kind: 'leave' };

interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** A key, and its line in the help. */
export interface Shortcut {
  readonly keys: readonly string[];
  readonly does: string;
  readonly command: Command | null;
}

const press = (key: string, does: string, command: Command): Shortcut => ({ keys: [key], does, command });

export const shortcuts: readonly Shortcut[] = [
  press('F', 'Fill of the tumour mask', { kind: 'toggle', what: 'fill' }),
  press('C', 'Contour of the tumour mask', { kind: 'toggle', what: 'contour' }),
  press('L', 'Contour of the liver', { kind: 'toggle', what: 'liver' }),
  press('D', 'Diameter and area beside each lesion', { kind: 'toggle', what: 'labels' }),
  press('A', 'Image area, or both planes', { kind: 'toggle', what: 'area' }),
  press('+', 'More opaque fill', { kind: 'opacity', steps: 1 }),
  press('-', 'Less opaque fill', { kind: 'opacity', steps: -1 }),
  press('P', 'Next palette', { kind: 'palette' }),
  press('R', 'Review the latest run with a mask; back to live', { kind: 'review' }),
  press('←', 'In a review: one frame back', { kind: 'step', frames: -1 }),
  press('→', 'In a review: one frame forward', { kind: 'step', frames: 1 }),
  press('↑', 'In a review: the next run', { kind: 'other-run', older: -1 }),
  press('↓', 'In a review: the previous run', { kind: 'other-run', older: 1 }),
  press('S', 'Save the picture with its mask as PNG', { kind: 'save' }),
  press('T', 'Trace of the mask instead of the chart: how long each step took', { kind: 'trace' }),
  press('K', 'Kiosk: without controls; again to return', { kind: 'kiosk' }),
  { keys: ['1', '…', '9'], does: 'Choose a stream', command: null },
  press('?', 'This help', { kind: 'help' }),
  press('Esc', 'Close the help, leave the review or the kiosk', { kind: 'leave' }),
];

const names: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  '=': '+',
  _: '-',
};

/**
 * The command of a key, or null. Keys with Ctrl, Alt or Meta belong to the browser. `characters`: whether letters,
 * digits and signs count, not only arrows and Esc.
 */
export function commandOf({ key, ctrlKey, altKey, metaKey }: Pressed, characters = true): Command | null {
  if (ctrlKey || altKey || metaKey || (!characters && key.length === 1)) return null;
  if (/^[1-9]$/.test(key)) return { kind: 'stream', index: Number(key) - 1 };
  const name = names[key] ?? key.toUpperCase();
  return shortcuts.find(({ keys }) => keys.length === 1 && (keys[0] === name || keys[0] === key))?.command ?? null;
}

/** The state after a command; `save` is carried out elsewhere. */
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
      const latest = suggestedRun(pastRuns(state.archive, state.recorded, state.chosen));
      return { ...state, review: review || !latest ? null : reviewOf(latest) };
    }
    case 'step':
      return review ? { ...state, review: stepReview(review, command.frames) } : state;
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
