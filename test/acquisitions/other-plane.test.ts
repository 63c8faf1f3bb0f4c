import { from, lastValueFrom, map, toArray } from 'rxjs';
import { withImageArea } from '../../src/acquire/image-area/image-area';
import type { SourceEvent } from '../../src/acquire/source';
import { uniqueAcquisitions } from '../../src/acquisitions/unique-acquisitions';
import type { Rect } from '../../src/frame';
import { runs } from '../../src/runs/runs';
import { withStillArea } from '../../src/runs/still-area';
import { streamStates } from '../../src/runs/stream-states';
import { frameAt } from '../support/frames';
import { noise } from '../support/noise';

jest.setTimeout(60_000);

const [width, height, rateHz] = [640, 400, 15];
const left: Rect = { x: 10, y: 40, width: 290, height: 290 };
const right: Rect = { x: 330, y: 40, width: 290, height: 290 };
/** Until when each is exposed: first the selected plane, then the other one, then neither. */
const [FIRST, OTHER, END] = [4, 12, 18];

function expose(pixels: Uint8Array, { x: left, y: top, width: across, height: down }: Rect, seed: number): void {
  const random = noise(seed);
  for (let y = top; y < top + down; y += 1) for (let x = left; x < left + across; x += 1) pixels[y * width + x] = 100 + 60 * random();
}

/** A biplane monitor that shows each picture twice; `clockUntil`: when its clock stops, in seconds. */
function monitor(clockUntil: number): SourceEvent[] {
  return Array.from({ length: END * rateHz }, (_, n): SourceEvent => {
    const [seconds, exposed] = [n / rateHz, n >> 1];
    const pixels = new Uint8Array(width * height).fill(20);
    expose(pixels, right, Math.min(exposed, (FIRST * rateHz) >> 1) + 1);
    expose(pixels, left, 1000 + Math.max((FIRST * rateHz) >> 1, Math.min(exposed, (OTHER * rateHz) >> 1)));
    const beat = Math.floor(Math.min(seconds, clockUntil)) % 2;
    for (let y = 5; y < 17; y += 1) pixels.fill(clockUntil > 0 && beat === 1 ? 200 : 20, y * width + 560, y * width + 630);
    return { kind: 'frame', frame: frameAt(1000 * seconds, { index: n, width, height, pixels }) };
  });
}

/** The states of the stream of one plane after its run. */
async function statesAfter(area: Rect | 'auto', plane: number | null, clockUntil: number): Promise<string[]> {
  const states = from(monitor(clockUntil)).pipe(
    withImageArea(area, plane),
    uniqueAcquisitions({ now: () => 0 }),
    runs('test', (count) => `run-${count}`),
    withStillArea(streamStates('test')),
    map(({ at, state, reason }) => ({ at, text: `${state}: ${reason}` })),
    toArray(),
  );
  return (await lastValueFrom(states)).filter(({ at }) => at >= 1000 * FIRST).map(({ text }) => text);
}

const held = ['held: last image hold'];
const frozen = [...held, 'frozen: nothing on the monitor moves'];

describe('a plane that stands while the other one is exposed', () => {
  it.each([
    ['plane=2', 'auto', 2],
    ['no plane chosen', 'auto', null],
    ['its area given', right, null],
  ] as const)('is held when the other one stops, too, on a monitor without a clock (%s)', async (_, area, plane) => {
    expect(await statesAfter(area, plane, 0)).toEqual(held);
  });

  it('is frozen when a clock stops that both have', async () => {
    expect(await statesAfter('auto', 2, END)).toEqual(held);
    expect(await statesAfter('auto', 2, OTHER)).toEqual(frozen);
  });
});
