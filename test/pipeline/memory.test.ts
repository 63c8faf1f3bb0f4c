import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { of, Subject } from 'rxjs';
import type { SourceEvent } from '../../src/acquire/source';
import { uniqueAcquisitions } from '../../src/acquisitions/unique-acquisitions';
import type { Segmenter } from '../../src/infer/segmenter';
import { seededRandom } from '../../src/phantom/random';
import { pipeline } from '../../src/pipeline';
import { lent } from '../infer/lent';
import { scriptedSegmenter, segmentation } from '../infer/scripted-segmenter';
import { frameAt } from '../support/frames';

const [WIDTH, HEIGHT] = [64, 48];
const FRAMES = 10_000;
/** Each exposure is shown this often; after so many exposures the image is held. */
const SHOWN = 60;
const EXPOSURES = 10;
const HOLD = 250;

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

describe('pipeline', () => {
  it('holds on to no more than a window of frames, however many have passed', async () => {
    const { uniform } = seededRandom(1);
    const segmenter: Segmenter = { ...scriptedSegmenter(), segment: () => of(segmentation(0, 0)) };
    const frames = new Subject<SourceEvent>();
    let now = 0;
    const ports = {
      leaseModel: lent(segmenter),
      clock: { now: () => now },
      runName: (stream: string, count: number) => `${stream}${count}`,
    };
    const runs = new Set<string>();
    const subscription = pipeline(
      of([{ id: 'suite', frames: frames.pipe(uniqueAcquisitions(ports.clock)), pixelSpacingMm: null }]),
      ports,
    ).subscribe((event) => {
      if (event.kind === 'run') runs.add(event.run);
    });
    const passed: WeakRef<Uint8Array>[] = [];
    const alive: number[] = [];

    const exposure = (): Uint8Array => new Uint8Array(WIDTH * HEIGHT).map(() => 100 + 50 * uniform());
    let shown = exposure();
    for (let index = 0, step = 0; index < FRAMES; index++, step++) {
      const inRun = step < SHOWN * EXPOSURES;
      if (inRun && step % SHOWN === 0) shown = exposure();
      if (step === SHOWN * EXPOSURES + HOLD) step = -1;
      now += 33;
      const pixels = shown.slice();
      const imageArea = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
      frames.next({ kind: 'frame', frame: frameAt(now, { index, width: WIDTH, height: HEIGHT, imageArea, pixels }) });
      passed.push(new WeakRef(pixels));
      if (index % 2500 !== 2499) continue;
      // A WeakRef holds until its job is over.
      await new Promise((resolve) => setImmediate(resolve));
      collectGarbage();
      alive.push(passed.filter((reference) => reference.deref() !== undefined).length);
    }
    subscription.unsubscribe();
    expect(runs.size).toBeGreaterThan(8);
    expect(Math.max(...alive)).toBeLessThan(60);
  }, 30_000);
});
