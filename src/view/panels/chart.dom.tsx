import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { KeyFrameFacts, StabilityFacts } from '../../protocol/messages';
import { runChart, type ChartMark, type RunChart } from './run-chart';

export interface ChartProps {
  readonly stability: readonly StabilityFacts[];
  readonly keyframes: readonly KeyFrameFacts[];
  /** The frame under review. */
  readonly at: number | null;
}

const SIDE = 8;
const HEAD = 10;
/** Share of the surrounding font size. */
const LETTER = 0.75;

/** Contrast and change over a run, and its key frames. */
export function Chart({ stability, keyframes, at }: ChartProps) {
  const element = useRef<SVGSVGElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0, letter: 12 });
  useLayoutEffect(() => {
    const svg = element.current;
    if (!svg) return;
    const sizes = new ResizeObserver(() => {
      const letter = parseFloat(getComputedStyle(svg).fontSize) * LETTER;
      setSize({ width: svg.clientWidth, height: svg.clientHeight, letter });
    });
    sizes.observe(svg);
    return () => sizes.disconnect();
  }, []);
  const box = { width: Math.max(0, size.width - 2 * SIDE), height: Math.max(0, size.height - HEAD - 1.5 * size.letter) };
  const chart = runChart(stability, keyframes, at, box);
  return (
    <section id="chart" aria-label="Chart of the run">
      <Legend stability={stability} />
      <svg ref={element} role="img" aria-label={description(stability, keyframes)}>
        <g transform={`translate(${SIDE} ${HEAD})`}>{size.width > 0 && <Lines chart={chart} height={box.height} letter={size.letter} />}</g>
      </svg>
    </section>
  );
}

function Lines({ chart, height, letter }: { readonly chart: RunChart; readonly height: number; readonly letter: number }) {
  const points = (line: RunChart['score']): string => line.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  return (
    <>
      {chart.window && <rect class="window" x={chart.window.x} y={-HEAD} width={chart.window.width} height={height + HEAD} />}
      {chart.ticks.map(({ x, frame }) => (
        <g key={frame} class="tick">
          <line x1={x} x2={x} y1={height} y2={height + 4} />
          <text x={x} y={height + 1.2 * letter} font-size={letter} text-anchor="middle">
            {frame}
          </text>
        </g>
      ))}
      {chart.cursor !== null && <line class="cursor" x1={chart.cursor} x2={chart.cursor} y1={-HEAD} y2={height + 4} />}
      <polyline class="opacification" points={points(chart.opacification)} />
      <polyline class="score" points={points(chart.score)} />
      {chart.marks.map((mark, at) => (
        <g key={at} class={mark.kind} transform={`translate(${mark.x} ${mark.y})`}>
          {mark.kind !== 'candidate' && <line x1={0} x2={0} y1={-mark.y - HEAD} y2={height - mark.y} />}
          <g transform={`scale(${letter / 12})`}>
            <Mark kind={mark.kind} />
          </g>
        </g>
      ))}
    </>
  );
}

/** A ring, a disc, a diamond or a square: shapes differ, not only colours. */
function Mark({ kind }: Pick<ChartMark, 'kind'>) {
  switch (kind) {
    case 'candidate':
      return <circle r={4.5} />;
    case 'stabilised':
      return <circle r={5} />;
    case 'improved':
      return <path d="M0-7 7 0 0 7-7 0z" />;
    case 'final':
      return <path d="M-5-5H5V5H-5z" />;
  }
}

const kinds = ['candidate', 'stabilised', 'improved', 'final'] as const;

function Legend({ stability }: Pick<ChartProps, 'stability'>) {
  const last = stability.at(-1);
  const score = stability.findLast((facts) => facts.score !== null)?.score;
  return (
    <p class="legend">
      <span class="opacification">Contrast {last ? `${last.opacification.toFixed(1)} grey levels` : ''}</span>
      <span class="score">Change {score === undefined || score === null ? '' : `${score.toFixed(2)}, `}lower is more stable</span>
      <span class="window">last 15 images</span>
      {kinds.map((kind) => (
        <span key={kind} class={kind}>
          <svg viewBox="-8 -8 16 16" aria-hidden="true">
            <Mark kind={kind} />
          </svg>
          {kind}
        </span>
      ))}
    </p>
  );
}

function description(stability: readonly StabilityFacts[], keyframes: readonly KeyFrameFacts[]): string {
  const found = keyframes
    .filter(({ assessed }) => assessed)
    .map(({ frame, status }) => `${status} at ${frame}`)
    .join(', ');
  return `Contrast, and how much the image changes, over ${stability.length} images; key frame ${found === '' ? 'not found yet' : found}`;
}
