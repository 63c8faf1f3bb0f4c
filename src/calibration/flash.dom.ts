import { bestReading, withRoundTrip, type ClockReading } from '../receive/server-clock';
import { flashGapMs, type Flash } from './brightness-steps';

/** The page of `probe --calibrate`: flashes the screen and reports when each flash was painted. */

const ROUND_TRIPS = 8;
const start = document.getElementById('start') as HTMLButtonElement;
const note = document.getElementById('note') as HTMLElement;
const here = (sinceOpened: number): number => performance.timeOrigin + sinceOpened;
let readings: readonly ClockReading[] = [];

/** Reports flashes in the program's time, and reads its clock from the answer. Rejects when it is gone. */
async function report(flashes: readonly Flash[]): Promise<void> {
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
  for (let i = 0; i < ROUND_TRIPS; i += 1) await report([]);

  let bright = false;
  let changed = false;
  let dueAt = performance.now() + flashGapMs(Math.random());
  let next = 0;
  const paint = (now: number): void => {
    next = requestAnimationFrame(paint);
    // One frame after the change: as far as a page can know, the screen has it now.
    if (changed) report([{ at: here(now), bright }]).catch(stop);
    changed = now >= dueAt;
    if (!changed) return;
    bright = !bright;
    dueAt = now + flashGapMs(Math.random());
    document.body.className = bright ? 'bright' : '';
  };
  const stop = (): void => {
    cancelAnimationFrame(next);
    finish();
  };
  next = requestAnimationFrame(paint);
}

function finish(): void {
  document.body.className = '';
  note.textContent = 'Done: the program that you started shows the result.';
  note.hidden = false;
}

start.addEventListener('click', () => {
  start.hidden = true;
  note.hidden = true;
  flash().catch(finish);
});
