import { of, Subject } from 'rxjs';
import type { SourceEvent } from '../../src/acquire/source';
import { uniqueAcquisitions } from '../../src/acquisitions/unique-acquisitions';
import type { PipelineEvent } from '../../src/event';
import type { Segmenter } from '../../src/infer/segmenter';
import { pipeline } from '../../src/pipeline';
import { lent } from '../infer/lent';
import type { SuiteScript } from './suite-script';

export interface Played {
  readonly events: readonly PipelineEvent[];
  readonly complete: boolean;
}

/** Plays all scripts at once through the pipeline until the last mask. Call after jest.useFakeTimers(). */
export function played(scripts: readonly SuiteScript[], segmenter: Segmenter): Played {
  const events: PipelineEvent[] = [];
  let complete = false;
  const sources = new Map(scripts.map(({ stream }) => [stream, new Subject<SourceEvent>()]));
  const startedAt = performance.now();
  const clock = { now: () => performance.now() - startedAt };
  const streams = [...sources].map(([id, source]) => ({ id, frames: source.pipe(uniqueAcquisitions(clock)), pixelSpacingMm: null }));
  const subscription = pipeline(of(streams), {
    leaseModel: lent(segmenter),
    clock,
    runName: (stream, count) => `${stream}${count + 1}`,
  }).subscribe({
    next: (event) => events.push(event),
    complete: () => (complete = true),
  });
  const all = scripts.flatMap(({ stream, events: said }) => said.map((timed) => ({ stream, ...timed }))).sort((a, b) => a.at - b.at);
  for (const { stream, at, event } of all) {
    jest.advanceTimersByTime(Math.max(0, at - clock.now()));
    const source = sources.get(stream);
    source?.next(event);
    if (event.kind === 'ended') source?.complete();
  }
  jest.advanceTimersByTime(60_000);
  subscription.unsubscribe();
  return { events, complete };
}

/** What a screen gets, in words; without frames, stability and counters. */
export function told(events: readonly PipelineEvent[]): string[] {
  return events.flatMap((event): string[] => {
    if (event.kind === 'stream') return [event.state];
    if (event.kind === 'run') return [`${event.run} ${event.phase}`];
    if (event.kind === 'keyframe') return [`${event.status} ${event.run}#${event.frame}`];
    if (event.kind === 'mask') return [`mask ${event.run}#${event.frame} ${event.status}`];
    if (event.kind === 'invalid') return [`invalid ${event.run}#${event.frame}: ${event.reason}`];
    return event.kind === 'failure' ? [`failure ${event.reason}`] : [];
  });
}

/** How many frames of each fate. */
export function fatesOf(events: readonly PipelineEvent[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const event of events) if (event.kind === 'fate') counts[event.fate] = (counts[event.fate] ?? 0) + event.count;
  return counts;
}
export const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((total, count) => total + count, 0);
