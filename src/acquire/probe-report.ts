import { defer, type OperatorFunction, reduce } from 'rxjs';
import type { ImageArea, Rect } from '../frame';
import { dimText } from './connection/dim-pictures';
import type { Tracks } from './ffmpeg/tracks';
import type { LossReason, ReopenReason, SourceEvent } from './source';

/** What a probe saw of a source in a few seconds. */
export interface ProbeReport {
  /** Null: no picture came. */
  readonly picture: {
    readonly codec: string;
    /** Null: the source has only one video. */
    readonly tracks: Tracks | null;
    /** Why the source was reopened. */
    readonly reopenedFor?: readonly ReopenReason[];
    readonly width: number;
    readonly height: number;
    /** Width of a pixel over its height. */
    readonly pixelAspect: number;
    readonly frames: number;
    /** Pictures a second; null while there are too few to tell. */
    readonly captureRateHz: number | null;
    /** Where the X-ray image seems to lie; the whole picture if nothing in it changed. */
    readonly imageArea: Rect;
    /** What the search found; null: the area was given, or nothing in the picture changed. */
    readonly found: ImageArea | null;
    /** From opening the source to its first picture. */
    readonly firstPictureMs: number;
  } | null;
  /** The last failure since the first picture, or, without a picture, the last one at all; null: none. */
  readonly problem: { readonly reason: LossReason; readonly message: string } | null;
}

/** Pictures buffered while the source was opened arrive in a bunch and say nothing about its rate. */
const bunchMs = 400;

const noKeyPicture = 'packets arrive, but no key picture, on which the others build: have the encoder send one every second or two';

/** Sums up the events of a source until it completes. */
export function probeReport(): OperatorFunction<SourceEvent, ProbeReport> {
  return (events) =>
    defer(() => {
      let openedAt: number | null = null;
      let codec = 'unknown';
      let tracks: Tracks | null = null;
      const reopenedFor: ReopenReason[] = [];
      const times: number[] = [];
      let found: ImageArea | null = null;
      return events.pipe(
        reduce(
          (report: ProbeReport, event): ProbeReport => {
            switch (event.kind) {
              case 'connecting':
                openedAt ??= event.at;
                return report;
              case 'connected':
                ({ codec, tracks = null } = event);
                reopenedFor.push(...(event.reopenedFor ?? []));
                return report;
              case 'dim':
                return { ...report, problem: { reason: 'no-video', message: dimText(event) } };
              case 'lost':
                return { ...report, problem: { reason: event.reason, message: event.message } };
              case 'frame': {
                const { capturedAt, width, height, pixelAspect = 1, imageArea } = event.frame;
                times.push(capturedAt);
                const firstPictureMs = (times[0] ?? capturedAt) - (openedAt ?? capturedAt);
                return {
                  problem: report.picture && report.problem,
                  picture: {
                    ...{ codec, tracks, reopenedFor, width, height, pixelAspect, frames: times.length, captureRateHz: rateOf(times) },
                    ...{ imageArea, found, firstPictureMs },
                  },
                };
              }
              case 'area':
                ({ found } = event);
                return report;
              case 'stalled':
                return event.packets && !report.picture ? { ...report, problem: { reason: 'no-video', message: noKeyPicture } } : report;
              case 'dropped':
              case 'silent':
              case 'late':
              case 'punctual':
              case 'overloaded':
              case 'relieved':
              case 'ended':
                return report;
            }
          },
          { picture: null, problem: null },
        ),
      );
    });
}

function rateOf(times: readonly number[]): number | null {
  const first = times[0] ?? 0;
  const steady = times.filter((time) => time - first > bunchMs);
  const counted = steady.length > 2 ? steady : times;
  const span = (counted.at(-1) ?? 0) - (counted[0] ?? 0);
  return span > 0 ? (1000 * (counted.length - 1)) / span : null;
}
