import type { Actions } from './actions.dom';
import { Chart, type ChartProps } from './panels/chart.dom';
import { Facts } from './panels/facts.dom';
import { Footer } from './panels/footer.dom';
import { Header } from './panels/header.dom';
import { Help } from './panels/help.dom';
import { NoticeList, RefusalPanel } from './panels/notices.dom';
import { KeyPanel, LivePanel } from './panels/pictures.dom';
import { History } from './review/history.dom';
import { reviewedPicture } from './review/review';
import { ReviewPanel } from './review/review-panel.dom';
import type { DisplayState } from './state/display-state';
import { shownRun, type ViewerState } from './state/viewer-state';
import { TracePanel } from './trace/trace-panel.dom';
import { Kiosk } from './wall/kiosk.dom';
import { Wall } from './wall/wall.dom';

interface AppProps {
  readonly state: ViewerState;
  readonly display: DisplayState;
  readonly now: number;
  readonly act: Actions;
}

/** The whole page, a function of the state and the time. */
export function App({ state, display, now, act }: AppProps) {
  if (state.mode === 'wall') return <Wall state={state} now={now} act={act} />;
  if (state.mode === 'kiosk') return <Kiosk state={state} display={display} now={now} act={act} />;
  const { review, tracing } = state;
  return (
    <>
      <Header state={state} display={display} now={now} act={act} />
      <RefusalPanel state={state} act={act} />
      <main id="desk" data-review={String(review !== null)} data-tracing={String(tracing)}>
        {review && <ReviewPanel key={review.past.id} state={state} review={review} act={act} />}
        <LivePanel state={state} display={display} now={now} act={act} />
        <KeyPanel state={state} now={now} act={act} />
        <Facts state={state} />
        {tracing ? <TracePanel state={state} /> : <Chart {...chartProps(state)} />}
        <History state={state} act={act} />
      </main>
      <NoticeList notices={state.notices} act={act} />
      <Footer state={state} act={act} />
      {state.help && <Help keys={state.settings.keys} act={act} />}
    </>
  );
}

/** Those of the run under review, else of the shown run. */
function chartProps(state: ViewerState): ChartProps {
  const { review } = state;
  if (!review) return { ...shownRun(state), at: null };
  if (review.past.kind === 'recorded') return { stability: [], keyframes: [], at: null };
  return { ...review.past.run, at: reviewedPicture(review)?.picture.facts.frame ?? null };
}
