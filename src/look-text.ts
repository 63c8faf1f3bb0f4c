import type { HardwareRefusal } from './acquire/hardware-first';
import type { ProbeReport } from './acquire/probe-report';
import { tracksText } from './acquire/tracks';
import { median } from './buffer/median';

/** What there is to say of a source after a short look at it. */
export interface Looked {
  readonly shown: string;
  readonly ffmpeg: { readonly path: string; readonly origin: string; readonly version: string };
  readonly report: ProbeReport;
  readonly uniqueAt: readonly number[];
  /** Null: hardware decodes it, or was not asked to. */
  readonly refusal: HardwareRefusal | null;
}

/** A look at a source as lines of text: what the engineer who wires a suite wants to read. */
export function lookText({ shown, ffmpeg, report: { picture, trouble }, uniqueAt, refusal }: Looked): string {
  const rows: [string, string][] = [
    ['source', shown],
    ['ffmpeg', `${ffmpeg.version} (${ffmpeg.origin}: ${ffmpeg.path})`],
  ];
  if (refusal) rows.push(['without hardware', `${refusal.hwaccel}: ${refusal.reason}`]);
  if (picture) {
    const { x, y, width, height } = picture.imageArea;
    rows.push(
      ['codec', picture.codec],
      ...(picture.tracks ? [['track', `${tracksText(picture.tracks)}; track=N takes another`] as [string, string]] : []),
      ['size', `${picture.width} × ${picture.height}`],
      ['first picture after', `${(Math.max(0, picture.firstPictureMs) / 1000).toFixed(1)} s`],
      ['capture rate', hertz(picture.captureRateHz)],
      ['acquisition rate', uniqueAt.length < 3 ? 'unknown: the image stood still' : hertz(rate(uniqueAt))],
      ['image area', `imageArea=${x},${y},${width},${height}`],
    );
  }
  if (picture && trouble) rows.push(['trouble', trouble.message]);
  return rows.map(([name, value]) => `${name.padEnd(20)}${value}\n`).join('');
}

/** By the usual interval: a look may begin in a hold. */
const rate = (times: readonly number[]): number => 1000 / median(times.slice(1).map((time, i) => time - (times[i] as number)));

const hertz = (value: number | null): string => (value === null ? 'unknown' : `${value.toFixed(2)} a second`);
