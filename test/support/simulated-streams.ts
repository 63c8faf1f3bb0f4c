import type { PipelineEvent } from '../../src/event';
import { SUITE_SEEDS } from '../../src/phantom/feed/suite';
import type { Script } from '../push/scripted';
import { simulatedPatient, type SimulatedPatient } from './simulated-patient';

export interface SimulatedStreams {
  readonly ids: readonly string[];
  /** Ends all timers. */
  stop(): void;
}

/** Acquisitions of a run: enough for a key frame, few enough that many runs go by. */
const RUN = 18;
const KEY_FRAME = 12;
const HELD_MS = 1500;

/**
 * Endless streams, a simulated patient in each: run, key frame, true mask, better mask, last image hold, next run.
 * `every`: as in `simulatedPatient`.
 */
export function simulatedStreams(
  { count, rateHz, every = 1 }: { readonly count: number; readonly rateHz: number; readonly every?: number },
  say: (...events: PipelineEvent[]) => void,
): SimulatedStreams {
  const ids = Array.from({ length: count }, (_, at) => String.fromCharCode(97 + at));
  const timers = new Set<NodeJS.Timeout>();
  const later = (milliseconds: number, work: () => void): void => {
    const timer = setTimeout(() => (timers.delete(timer), work()), milliseconds);
    timers.add(timer);
  };
  for (const [at, id] of ids.entries()) {
    const patient = simulatedPatient(SUITE_SEEDS + at, every);
    const next = (run: number): void => {
      // A script keeps all its pictures: a new one for each run.
      const script = patient.script(id);
      const name = `${id}-${run}`;
      let frame = 0;
      say(script.state('live'), script.picture());
      const acquire = (): void => {
        say(...acquisition(script, patient, name, frame));
        frame += 1;
        if (frame < RUN) return later(1000 / rateHz, acquire);
        say(script.run(name, 'ended', RUN), script.state('held', 'last image hold'));
        later(HELD_MS, () => (say(script.invalid(name, KEY_FRAME - 1, 'new-run')), next(run + 1)));
      };
      acquire();
    };
    later((at * 1000) / rateHz / count, () => next(1));
  }
  return { ids, stop: () => timers.forEach(clearTimeout) };
}

/** The pipeline's events for one acquisition. */
function acquisition(script: Script, patient: SimulatedPatient, run: string, frame: number): readonly PipelineEvent[] {
  const events: PipelineEvent[] = frame === 1 ? [script.run(run, 'started', 2)] : [];
  events.push(script.frame(run, frame), script.stability(run, frame), script.fate('unique'));
  const declare = (key: number, status: 'stabilised' | 'improved'): void =>
    void events.push(script.keyFrame(run, key, status), script.mask(run, key, status, patient.trueMask(key)));
  if (frame === KEY_FRAME + 1) declare(KEY_FRAME, 'stabilised');
  if (frame === KEY_FRAME + 3) {
    events.push(script.invalid(run, KEY_FRAME, 'superseded'));
    declare(KEY_FRAME - 1, 'improved');
  }
  return events;
}
