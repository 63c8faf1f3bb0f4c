import { hostname } from 'node:os';
import { connect, delay, filter, firstValueFrom, lastValueFrom, merge, switchMap, take, takeUntil, tap, timer } from 'rxjs';
import { findFfmpeg } from '../acquire/ffmpeg/binary.node';
import { probeReport } from '../acquire/probe-report';
import { probe } from '../acquire/probe.node';
import { traitsOf } from '../acquire/source-kinds';
import type { SourceSpec } from '../acquire/source-spec';
import { coarse, type CoarsePicture, type Flash } from '../calibration/brightness-steps';
import { captureLatency, LONGEST_MS, type MeasuredLatency } from '../calibration/capture-latency';
import { type FlashPage, flashPage } from '../calibration/flash-page.node';
import { clock } from '../core/clock.node';
import { ConfigError } from '../core/config-error';

/** Where the flashing page is served. Port 0: any free one. */
export interface PageAddress {
  readonly host: string;
  readonly port: number;
}

export interface CalibrationTimes {
  /** How long to wait for the first picture. */
  readonly waitMs: number;
  /** How long to wait for the page to be opened and started. */
  readonly pageMs: number;
  /** How long flashes are counted: about forty by default. */
  readonly flashingMs: number;
}

/** Pictures buffered while the source was opened are old: flashes count from this long after the first picture. */
const SETTLED_MS = 1000;

/**
 * Measures how long pictures of a source take from the glass: a page flashes the captured monitor and reports when, and
 * the flashes are searched for in the pictures. `onProgress` receives instructions, one line each. Rejects with a
 * one-line reason if no picture arrives, the page cannot be served or the latency cannot be measured; with a
 * ConfigError if the source does not show a monitor live.
 */
export async function calibrate(
  spec: SourceSpec,
  address: PageAddress,
  onProgress: (line: string) => void,
  { waitMs, pageMs, flashingMs }: CalibrationTimes = { waitMs: 15_000, pageMs: 120_000, flashingMs: 24_000 },
): Promise<MeasuredLatency> {
  if (!traitsOf(spec).live) {
    throw new ConfigError(`source: expected a monitor that is captured now, got ${spec.displayUri}`);
  }
  const ffmpeg = await findFfmpeg();
  const page = await flashPage({ ...address, clock });
  const watchingMs = flashingMs + LONGEST_MS;
  const arriving = (): void => onProgress(`pictures arrive; open ${addressOf(address.host, page)} on the monitor that is captured`);
  const flashing = (): void => onProgress(`it flashes; ${Math.round(watchingMs / 1000)} s to go`);

  const painted: Flash[] = [];
  const pictures: CoarsePicture[] = [];
  const firstFlash = page.flashes.pipe(take(1));
  const measured = firstFlash.pipe(tap(flashing), delay(watchingMs));
  const noFlash = timer(pageMs).pipe(takeUntil(firstFlash));
  const uncorrected = { ...spec, captureLatencyMs: 0, polarity: 'dark-vessels' } as const;
  const report = probe(uncorrected, { ffmpeg, clock, streamId: 'probe' }, { waitMs, lookMs: SETTLED_MS + pageMs + watchingMs }).pipe(
    connect((events) => {
      const firstPicture = events.pipe(
        filter((event) => event.kind === 'frame'),
        take(1),
      );
      const ready = firstPicture.pipe(tap(arriving), delay(SETTLED_MS));
      return events.pipe(takeUntil(ready.pipe(switchMap(() => merge(measured, noFlash)))));
    }),
    tap((event) => void (event.kind === 'frame' && pictures.push(coarse(event.frame)))),
    probeReport(),
  );
  const flashes = page.flashes.subscribe((flash) => painted.push(flash));
  try {
    const { picture, problem } = await lastValueFrom(report);
    if (!picture) throw new Error(problem?.message ?? 'no picture came');
    const from = (pictures[0]?.at ?? 0) + SETTLED_MS;
    const firstCounted = painted.find(({ at }) => at >= from)?.at;
    if (firstCounted === undefined) throw new Error(await noFlashReason(page, pageMs));
    const counted = painted.filter(({ at }) => at >= firstCounted && at <= firstCounted + flashingMs);
    const arrived = pictures.filter(({ at }) => at >= from);
    const latency = captureLatency(counted, arrived);
    if (latency.kind === 'unmeasurable') throw new Error(problem ? `${latency.why} (${problem.message})` : latency.why);
    return latency;
  } finally {
    flashes.unsubscribe();
    page.close();
  }
}

async function noFlashReason({ opened, port }: FlashPage, pageMs: number): Promise<string> {
  const within = `within ${Math.round(pageMs / 1000)} s`;
  return (await firstValueFrom(opened))
    ? `the page was opened, but not started ${within}`
    : `nobody opened the page on port ${port} ${within}`;
}

/** URL of the page; under the name of this machine if the page is served on all its addresses. */
function addressOf(host: string, { port }: FlashPage): string {
  const name = host === '0.0.0.0' || host === '::' ? hostname() : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}/`;
}
