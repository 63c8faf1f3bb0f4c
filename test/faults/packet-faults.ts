import { serve, type Served } from '../e2e/serve';
import { type Camera, startCamera } from './camera';
import type { Ailment } from './camera-process';
import { sleep } from './sleep';
import { type Books, type Trial, trial } from './trial';

/** A fault of a camera's packets, and its row in the table. */
export interface PacketFault {
  readonly id: string;
  readonly fault: string;
  readonly ailment: Partial<Ailment>;
}
export interface Outcome {
  readonly one: Trial;
  readonly books: Books;
}

/** A camera for each, watched by one program. Tests that run at the same time disturb each other no more than rooms. */
export function packetFaults(transport: 'tcp' | 'udp', all: readonly PacketFault[]): (id: string) => Promise<Outcome> {
  const cameras = new Map<string, Camera>();
  let served: Served;
  beforeAll(async () => {
    for (const { id } of all) cameras.set(id, await startCamera('steady'));
    served = await serve({
      sources: all.map(({ id }) => `${cameras.get(id)?.url}#id=${id}&transport=${transport}`),
      args: ['--model', 'test/fixtures/bundles/tiny', '--provider', 'cpu'],
    });
  }, 60_000);
  afterAll(async () => {
    await served.stop();
    for (const camera of cameras.values()) await camera.close();
  });

  /** Applies the fault for eight seconds. */
  return async (id) => {
    const { fault, ailment } = all.find((one) => one.id === id) as PacketFault;
    const camera = cameras.get(id) as Camera;
    const one = trial(served, id, fault, camera.pictures);
    await one.begins();
    await one.strikes();
    camera.ails(ailment);
    await sleep(8000);
    camera.ails({});
    one.ends();
    await one.recovers(15_000);
    return { one, books: await one.balances() };
  };
}

/** No damaged picture is shown, at least `damaged` are counted, screens are informed, and the same run goes on. */
export function expectDamageReported({ one, books }: Outcome, damaged: number): void {
  expect(books.fates.dropped_damaged).toBeGreaterThanOrEqual(damaged);
  expect(books.reconnects).toEqual({});
  expect(one.told('run')).toEqual([]);
  const reasons = new Set(one.told('stream').map(({ reason }) => reason));
  // A machine too slow for all streams at once reports that, too.
  const slow = books.fates.dropped_overload ? ['overloaded'] : [];
  for (const reason of reasons) expect(['pictures arrive damaged', 'no picture arrives', 'acquiring', ...slow]).toContain(reason);
}

/** Every fourth picture shows a new acquisition, and nearly all of them are found; nothing else is reported. */
export function expectNoEffect({ one, books }: Outcome): void {
  expect(books.fates.unique).toBeGreaterThan((0.9 * books.captured) / 4);
  expect(Object.keys(books.fates).sort()).toEqual(['repeated', 'unique']);
  expect(books.reconnects).toEqual({});
  const times = one.told('frame').map(({ capturedAt }) => Number(capturedAt));
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(Math.abs((times.at(-1) ?? 0) - Date.now())).toBeLessThan(10_000);
}
