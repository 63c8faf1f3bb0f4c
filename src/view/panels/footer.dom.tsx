import type { Actions } from '../actions.dom';
import { paletteAt } from '../drawing/palettes';
import { imageAreaText } from '../drawing/shown-areas';
import type { Command } from '../state/command';
import { type PaintedDelay, percentile } from '../state/painted-delays';
import { rowOf, type ViewerState, viewOf } from '../state/viewer-state';

/** Delays of the masks that came while this screen was connected. */
function Delays({ delays }: { readonly delays: readonly PaintedDelay[] }) {
  const last = delays.at(-1);
  const delayText = (until: keyof PaintedDelay): string => {
    const all = delays.map((delay) => delay[until]);
    return `${until} ${whole(last?.[until])} ms (p50 ${whole(percentile(all, 0.5))}, p99 ${whole(percentile(all, 0.99))})`;
  };
  return (
    <span
      id="latency"
      title={`From the capture of the deciding image: the last mask, then the median and 99th percentile of the last ${delays.length}`}
    >
      {last ? `capture → ${delayText('published')} → ${delayText('painted')}, ${delays.length} masks` : 'capture → painted: no mask yet'}
    </span>
  );
}

function whole(milliseconds: number | null | undefined): string {
  return typeof milliseconds === 'number' ? String(Math.round(milliseconds)) : '–';
}

/** The model of a stream and its provider, as of the latest mask. */
export function Model({ state, stream }: { readonly state: ViewerState; readonly stream: string }) {
  const row = state.rows.find(({ id }) => id === stream);
  const facts = viewOf(state, stream).mask?.facts;
  const model = facts?.model ?? row?.model;
  const noModel = row && state.link === 'open' ? 'model loading' : 'model not known';
  return <span id="model">{model ? `${model.name} ${model.version} on ${facts?.provider ?? row?.provider ?? 'unknown'}` : noModel}</span>;
}

/** The controls, the model, the rates and the delays. */
export function Footer({ state, act }: { readonly state: ViewerState; readonly act: Actions }) {
  const row = rowOf(state);
  const { lost } = viewOf(state, state.chosen);
  const area = imageAreaText(row);
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
