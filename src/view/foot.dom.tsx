import type { Actions } from './actions.dom';
import type { Command } from './command';
import { Delays } from './delays.dom';
import { Model } from './model.dom';
import { paletteAt } from './palettes';
import { areaInWords } from './shown-areas';
import { rowOf, type ViewerState, viewOf } from './viewer-state';

/** The model, the rates and, where there are controls, how masks are drawn. */
export function Foot({ state, act }: { readonly state: ViewerState; readonly act: Actions }) {
  const row = rowOf(state);
  const { lost } = viewOf(state, state.chosen);
  const area = areaInWords(row);
  return (
    <footer>
      <Controls state={state} act={act} />
      <p class="small">
        <Model state={state} stream={state.chosen} />
        <span id="rates">
          {hertz(row?.acquisitionRateHz)} of {hertz(row?.captureRateHz)} frames per s are new
        </span>
        <span id="area" data-alarm={String(area.alarm)}>
          {area.words}
        </span>
        <Delays delays={state.delays} />
        {lost > 0 && <span id="lost">{lost} messages skipped: this screen was too slow</span>}
      </p>
    </footer>
  );
}

function Controls({ state, act }: { readonly state: ViewerState; readonly act: Actions }) {
  const { settings, review, tracing, help } = state;
  const button = (words: string, key: string, command: Command, pressed?: boolean) => (
    <button type="button" aria-pressed={pressed} aria-keyshortcuts={settings.keys ? key : undefined} onClick={() => act.command(command)}>
      {words} {settings.keys && <kbd>{key}</kbd>}
    </button>
  );
  return (
    <div id="controls" role="toolbar" aria-label="Display">
      {button('Fill', 'F', { kind: 'toggle', what: 'fill' }, settings.fill)}
      {button('Contour', 'C', { kind: 'toggle', what: 'contour' }, settings.contour)}
      {button('Liver', 'L', { kind: 'toggle', what: 'liver' }, settings.liver)}
      {button('Sizes', 'D', { kind: 'toggle', what: 'labels' }, settings.labels)}
      {button('Area', 'A', { kind: 'toggle', what: 'area' }, settings.area)}
      {button('Fainter', '-', { kind: 'opacity', steps: -1 })}
      <output aria-label="Opacity of the fill">{Math.round(settings.opacity * 100)} %</output>
      {button('Stronger', '+', { kind: 'opacity', steps: 1 })}
      {button(paletteAt(settings.palette).name, 'P', { kind: 'palette' })}
      {button('Review', 'R', { kind: 'review' }, review !== null)}
      {button('Save PNG', 'S', { kind: 'save' })}
      {button('Trace', 'T', { kind: 'trace' }, tracing)}
      {button('Kiosk', 'K', { kind: 'kiosk' })}
      {button('Help', '?', { kind: 'help' }, help)}
    </div>
  );
}

function hertz(rate: number | null | undefined): string {
  return typeof rate === 'number' ? rate.toFixed(rate < 10 ? 1 : 0) : '–';
}
