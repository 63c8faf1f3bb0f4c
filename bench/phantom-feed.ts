import { from, type Observable } from 'rxjs';
import type { SourceEvent } from '../src/acquire/source';
import { ANALYSIS_SIZE, type Frame } from '../src/frame';
import { phantomRun, type PhantomRun } from '../src/phantom/feed/phantom-run';
import { seededRandom } from '../src/phantom/random';

const CAPTURE_HZ = 30;
const imageArea = { x: 0, y: 0, width: ANALYSIS_SIZE, height: ANALYSIS_SIZE };

/** One phantom run as a display shows it: each acquisition several times, the last one held. */
export interface ShownRun {
  readonly phantom: PhantomRun;
  readonly events: Observable<SourceEvent>;
  /** Capture time of each acquisition. */
  readonly shownAt: readonly number[];
  readonly endsAt: number;
}

/** A run grabbed at 30 frames a second from `startsAt` on; repeats carry codec noise of up to one grey level. */
export function shownRun(seed: number, startsAt: number, firstIndex: number): ShownRun & { readonly frames: number } {
  const phantom = phantomRun(seed, { width: ANALYSIS_SIZE, height: ANALYSIS_SIZE });
  const random = seededRandom(seed).fork('display');
  const hold = 2000 + 4000 * random.uniform();
  const period = 1000 / phantom.acquisitionRateHz;
  const duration = phantom.acquisitions * period + hold;
  const frames = Math.floor((duration * CAPTURE_HZ) / 1000);
  const shownAt: number[] = [];
  const events = function* (): Generator<SourceEvent> {
    let shown = -1;
    let clean = new Uint8Array();
    for (let i = 0; i < frames; i++) {
      const capturedAt = startsAt + (i * 1000) / CAPTURE_HZ;
      const due = Math.min(phantom.acquisitions - 1, Math.floor((capturedAt - startsAt + 1e-6) / period));
      if (due !== shown) {
        clean = phantom.imageAt(due);
        shown = due;
        shownAt[due] = capturedAt;
      }
      const pixels = clean.map((grey, at) => ((at * 7 + i * 13) % 11 === 0 ? Math.min(255, grey + 1) : grey));
      const frame: Frame = {
        stream: 'phantom',
        index: firstIndex + i,
        capturedAt,
        width: ANALYSIS_SIZE,
        height: ANALYSIS_SIZE,
        pixels,
        imageArea,
      };
      yield { kind: 'frame', frame };
    }
  };
  return { phantom, events: from(events()), shownAt, endsAt: startsAt + duration, frames };
}
