import { percentile, type PaintedDelay } from './painted-delays';

/** Capture → published → painted, of the masks that came while this screen listened. */
export function Delays({ delays }: { readonly delays: readonly PaintedDelay[] }) {
  const last = delays.at(-1);
  const told = (until: keyof PaintedDelay): string => {
    const all = delays.map((delay) => delay[until]);
    return `${until} ${whole(last?.[until])} ms (p50 ${whole(percentile(all, 0.5))}, p99 ${whole(percentile(all, 0.99))})`;
  };
  return (
    <span
      id="latency"
      title={`From the capture of the deciding image; the last mask, and what half and 99 % of the last ${delays.length} stayed within`}
    >
      {last ? `capture → ${told('published')} → ${told('painted')}, ${delays.length} masks` : 'capture → painted: no mask yet'}
    </span>
  );
}

function whole(milliseconds: number | null | undefined): string {
  return typeof milliseconds === 'number' ? String(Math.round(milliseconds)) : '–';
}
