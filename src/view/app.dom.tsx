import type { Actions } from './actions.dom';
import { Chart, type ChartProps } from './chart.dom';
import { Facts } from './facts.dom';
import { Foot } from './foot.dom';
import type { Glance } from './glance';
import { Head } from './head.dom';
import { Help } from './help.dom';
import { History } from './history.dom';
import { KeyPanel } from './key-panel.dom';
import { Kiosk } from './kiosk.dom';
import { LivePanel } from './live-panel.dom';
import { NoticeList } from './notice-list.dom';
import { reviewed } from './review';
import { RefusalPanel } from './refusal-panel.dom';
import { ReviewPanel } from './review-panel.dom';
import { TracePanel } from './trace-panel.dom';
import { shownRun, type ViewerState } from './viewer-state';
import { Wall } from './wall.dom';

interface AppProps {
  readonly state: ViewerState;
  readonly glance: Glance;
  readonly now: number;
  readonly act: Actions;
}

/** The whole page; follows from what is known and the time. */
export function App({ state, glance, now, act }: AppProps) {
  if (state.mode === 'wall') return <Wall state={state} now={now} act={act} />;
  if (state.mode === 'kiosk') return <Kiosk state={state} glance={glance} now={now} act={act} />;
  const { review, tracing } = state;
  return (
    <>
      <Head state={state} glance={glance} now={now} act={act} />
      <RefusalPanel state={state} act={act} />
      <main id="desk" data-review={String(review !== null)} data-tracing={String(tracing)}>
        {review && <ReviewPanel key={review.past.id} state={state} review={review} act={act} />}
        <LivePanel state={state} glance={glance} now={now} act={act} />
        <KeyPanel state={state} now={now} act={act} />
        <Facts state={state} />
        {tracing ? <TracePanel state={state} /> : <Chart {...charted(state)} />}
        <History state={state} act={act} />
      </main>
      <NoticeList notices={state.notices} act={act} />
      <Foot state={state} act={act} />
      {state.help && <Help keys={state.settings.keys} act={act} />}
    </>
  );
}

/** Of the run that is looked at. */
function charted(state: ViewerState): ChartProps {
  const { review } = state;
  if (!review) return { ...shownRun(state), at: null };
  if (review.past.kind === 'recorded') return { stability: [], keyframes: [], at: null };
  return { ...review.past.run, at: reviewed(review)?.picture.facts.frame ?? null };
}
