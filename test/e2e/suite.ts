import type { Feed } from '../support/sample-data';
import type { Message } from './client';
import { recovered, scoreMargin } from './compare';
import type { Served } from './serve';

/** What the program made of one run. */
export interface RunReport {
  /** The true run's name. */
  readonly name: string | undefined;
  readonly stabilised: { readonly lagFrames: number; readonly lagMs: number; readonly beforeEnd: boolean } | undefined;
  /** The true acquisition that was named as final. */
  readonly final: number | undefined;
  /** How much worse it scores than the best one, as a share. */
  readonly margin: number;
  /** Key frames that were announced without a mask ever coming. */
  readonly unmasked: readonly number[];
}
export interface SuiteReport {
  readonly recall: number;
  readonly precision: number;
  readonly runs: readonly RunReport[];
  /** Counts of captured frames by fate. */
  readonly fates: Readonly<Record<string, number>>;
  /** Of all masks, from the capture of the frame that made the decision possible to publication, in ms, ascending. */
  readonly delays: readonly number[];
  readonly anticipated: number;
}

/** Waits until all runs of the feed are over and have their final masks, then compares one stream with the truth. */
export async function watchSuite(served: Served, feed: Feed, withinMs: number, stream?: string): Promise<SuiteReport> {
  const { client } = served;
  const ours = (message: Message): boolean => stream === undefined || message.stream === stream;
  const finals = new Set<unknown>();
  const wanted = feed.truth.runs.length;
  const isFinal = (message: Message): boolean => {
    if (ours(message) && message.type === 'mask' && message.status === 'final') finals.add(message.run);
    return finals.size >= wanted;
  };
  await client.waitFor(`${wanted} final masks`, isFinal, withinMs);
  const messages = client.messages.filter(ours);
  const of = (type: string): readonly Message[] => messages.filter((message) => message.type === type);

  const found = await recovered(feed, of('frame'));
  const runs = found.runs.map(({ run, truth, shown }): RunReport => {
    const keyFrames = of('keyframe').filter((message) => message.run === run);
    const masks = of('mask').filter((message) => message.run === run);
    const first = keyFrames.find(({ status }) => status === 'stabilised');
    const end = of('run').find((message) => message.run === run && message.phase === 'ended');
    const final = shown.get(Number(keyFrames.find(({ status }) => status === 'final')?.frame));
    return {
      name: truth?.name,
      stabilised: first && {
        lagFrames: Number(first.lagFrames),
        lagMs: Number(first.lagMs),
        beforeEnd: end === undefined || messages.indexOf(first) < messages.indexOf(end),
      },
      final,
      margin: truth && final !== undefined ? scoreMargin(truth, final) : Infinity,
      unmasked: keyFrames.map(({ frame }) => Number(frame)).filter((frame) => !masks.some((mask) => mask.frame === frame)),
    };
  });

  const timings = of('mask').map(
    ({ timing }) => timing as { readonly capturedAt: number; readonly publishedAt: number; readonly anticipated: boolean },
  );
  return {
    recall: found.recall,
    precision: found.precision,
    runs,
    fates: fates((await served.get('/metrics')).body, stream),
    delays: timings.map(({ capturedAt, publishedAt }) => publishedAt - capturedAt).sort((a, b) => a - b),
    anticipated: timings.filter(({ anticipated }) => anticipated).length / Math.max(1, timings.length),
  };
}

/** The suite was recovered: each acquisition once, both runs, the paper's key frames (up to codec noise) and masks. */
export function expectRecovered(report: SuiteReport): void {
  expect(report.recall).toBeGreaterThanOrEqual(0.99);
  expect(report.precision).toBeGreaterThanOrEqual(0.99);
  expect(report.runs.map(({ name }) => name)).toEqual(['A', 'B']);
  for (const run of report.runs) {
    expect(run.margin).toBeLessThanOrEqual(0.005);
    expect(run.stabilised?.beforeEnd).toBe(true);
    expect(run.unmasked).toEqual([]);
  }
}

/** The ledger as Prometheus sees it. */
export function fates(metrics: string, stream?: string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [, labels = '', value] of metrics.matchAll(/^angiocast_frames_total\{([^}]*)\} (\d+)$/gm)) {
    const fate = /fate="([^"]*)"/.exec(labels)?.[1];
    const whose = /stream="([^"]*)"/.exec(labels)?.[1];
    if (fate !== undefined && (stream === undefined || whose === stream)) counts[fate] = (counts[fate] ?? 0) + Number(value);
  }
  return counts;
}
