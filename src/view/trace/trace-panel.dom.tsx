import { type KeyFrameTrace, publishedAt, traceEnd } from '../../tracing/key-frame-trace';
import { brief, runName } from '../state/format';
import type { ViewerState } from '../state/viewer-state';
import { type BarKind, shownTrace, waterfall, type WaterfallBar } from './shown-trace';

const kinds: Readonly<Record<BarKind, string>> = {
  server: 'server',
  networks: 'networks',
  ahead: 'networks, ahead of the decision',
  screen: 'screen',
};

/** How long each step of the shown mask took, as a table whose last column is a chart. */
export function TracePanel({ state }: { readonly state: ViewerState }) {
  const trace = shownTrace(state);
  return (
    <section id="trace" aria-label="Trace of the mask" data-trace={trace?.traceId}>
      {trace ? (
        <Steps trace={trace} stream={state.chosen} />
      ) : (
        <p class="placeholder">No trace: no mask yet, or the server no longer keeps it</p>
      )}
    </section>
  );
}

function Steps({ trace, stream }: { readonly trace: KeyFrameTrace; readonly stream: string }) {
  const { bars, ticks } = waterfall(trace);
  const shown = new Set(bars.map(({ kind }) => kind));
  return (
    <>
      <p class="legend">
        {(Object.keys(kinds) as BarKind[])
          .filter((kind) => shown.has(kind))
          .map((kind) => (
            <span key={kind}>
              <i class="bar" data-kind={kind} /> {kinds[kind]}
            </span>
          ))}
        <span>trace {trace.traceId}</span>
      </p>
      {/* A focus stop, so that keys can scroll it. */}
      <div class="steps" tabIndex={0} role="region" aria-label="Steps of the mask">
        <table>
          <caption>{description(trace, stream)}</caption>
          <thead>
            <tr>
              <th scope="col">Step</th>
              <th scope="col" class="ms">
                from ms
              </th>
              <th scope="col" class="ms">
                took ms
              </th>
              <td class="axis" aria-hidden="true">
                {ticks.map(({ left, ms }) => (
                  <span key={ms} style={{ left: share(left) }}>
                    {brief(ms)}
                  </span>
                ))}
              </td>
            </tr>
          </thead>
          <tbody>
            {bars.map((bar) => (
              <Step key={`${bar.step} ${bar.client}`} bar={bar} ticks={ticks} />
            ))}
          </tbody>
        </table>
        {trace.otherClients > 0 && <p class="small">and {trace.otherClients} more screens</p>}
      </div>
    </>
  );
}

function Step({ bar, ticks }: { readonly bar: WaterfallBar; readonly ticks: ReturnType<typeof waterfall>['ticks'] }) {
  const { step, client, kind, left, width, cut, fromMs, tookMs } = bar;
  return (
    <tr data-step={step}>
      <th scope="row">{client === null ? step : `${step} ${client}`}</th>
      <td class="ms">{brief(fromMs)}</td>
      <td class="ms">{brief(tookMs)}</td>
      <td class="axis" aria-hidden="true">
        {ticks.map(({ left: at, ms }) => (
          <span key={ms} class="tick-line" data-zero={String(ms === 0)} style={{ left: share(at) }} />
        ))}
        <i class="bar" data-kind={kind} data-cut={String(cut)} style={{ left: share(left), width: share(width) }} />
      </td>
    </tr>
  );
}

const share = (of: number): string => `${(100 * of).toFixed(3)}%`;

function description(trace: KeyFrameTrace, stream: string): string {
  const { run, frame, status, startedAt, spans } = trace;
  const after = (at: number): string => `${brief(at - startedAt)} ms`;
  const painted = spans.some(({ name }) => name === 'painted') ? `, on the last screen after ${after(traceEnd(trace))}` : '';
  return `Key frame ${frame} of run ${runName(run, stream)}, ${status}: published ${after(publishedAt(trace))} after the deciding capture${painted}`;
}
