import { bestReading, withRoundTrip, type ClockReading } from '../receive/server-clock';
import { flashGapMs, type Flash } from './brightness-steps';

/** The page of `probe --calibrate`: flashes the glass and tells when each flash was painted. */

const ROUND_TRIPS = 8;
const start = document.getElementById('start') as HTMLButtonElement;
const note = document.getElementById('note') as HTMLElement;
const here = (sinceOpened: number): number => performance.timeOrigin + sinceOpened;
let readings: readonly ClockReading[] = [];

/** Tells the program what was painted, in its own time, and reads its clock by the answer. Rejects when it is gone. */
async function tell(flashes: readonly Flash[]): Promise<void> {
  const offsetMs = bestReading(readings)?.offsetMs ?? 0;
  const body = JSON.stringify({ flashes: flashes.map(({ at, bright }) => ({ at: at + offsetMs, bright })) });
  const t0 = here(performance.now());
  const answer = await fetch('flashes', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const t3 = here(performance.now());
  const { at } = (await answer.json()) as { readonly at: number };
  readings = withRoundTrip(readings, { t0, t1: at, t2: at, t3 });
}

async function flash(): Promise<void> {
  await document.documentElement.requestFullscreen().catch(() => undefined);
  for (let i = 0; i < ROUND_TRIPS; i += 1) await tell([]);

  let bright = false;
  let changed = false;
  let dueAt = performance.now() + flashGapMs(Math.random());
  let next = 0;
  const paint = (now: number): void => {
    next = requestAnimationFrame(paint);
    // The frame after the one that changed: by now that one has been handed to the screen, as far as a page can know.
    if (changed) tell([{ at: here(now), bright }]).catch(stop);
    changed = now >= dueAt;
    if (!changed) return;
    bright = !bright;
    dueAt = now + flashGapMs(Math.random());
    document.body.className = bright ? 'bright' : '';
  };
  const stop = (): void => {
    cancelAnimationFrame(next);
    over();
  };
  next = requestAnimationFrame(paint);
}

function over(): void {
  document.body.className = '';
  note.textContent = 'Over: the result stands where the program was started.';
  note.hidden = false;
}

start.addEventListener('click', () => {
  start.hidden = true;
  note.hidden = true;
  flash().catch(over);
});
