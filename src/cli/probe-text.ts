import { reopenTexts } from '../acquire/connection/reconnect';
import type { HardwareRefusal } from '../acquire/ffmpeg/hardware-decoding';
import { tracksText } from '../acquire/ffmpeg/tracks';
import { areaText, orderedPlanes } from '../acquire/image-area/area-text';
import type { ProbeReport } from '../acquire/probe-report';
import { type ImageArea, squared } from '../frame';
import { meanInterval } from '../runs/rates';

/** What `probe` found out about a source. */
export interface ProbeResult {
  /** The URI without credentials. */
  readonly shown: string;
  readonly ffmpeg: { readonly path: string; readonly origin: string; readonly version: string };
  readonly report: ProbeReport;
  /** Capture times of the new acquisitions, in ms. */
  readonly uniqueAt: readonly number[];
  /** Null: hardware decodes it, or was not requested. */
  readonly refusal: HardwareRefusal | null;
}

/** The result as lines of text, for the engineer who connects a suite. */
export function probeText({ shown, ffmpeg, report: { picture, problem }, uniqueAt, refusal }: ProbeResult): string {
  const rows: [string, string][] = [
    ['source', shown],
    ['ffmpeg', `${ffmpeg.version} (${ffmpeg.origin}: ${ffmpeg.path})`],
  ];
  if (refusal) rows.push(['without hardware', `${refusal.hwaccel}: ${refusal.reason}`]);
  if (picture) {
    const interval = meanInterval(uniqueAt);
    rows.push(
      ['codec', picture.codec],
      ...(picture.tracks ? [['track', `${tracksText(picture.tracks)}; track=N selects another`] as [string, string]] : []),
      ...(picture.reopenedFor ?? []).map((how): [string, string] => [how, reopenTexts[how]]),
      ['size', `${picture.width} × ${picture.height}${squareSize(picture)}`],
      ['first picture after', `${(Math.max(0, picture.firstPictureMs) / 1000).toFixed(1)} s`],
      ['capture rate', hertz(picture.captureRateHz)],
      ['acquisition rate', interval === null ? 'unknown: the image stood still' : hertz(1000 / interval)],
      ['image area', `imageArea=${areaText(picture.imageArea)}${settledNote(picture.found)}`],
      ...planeRows(picture.found),
      ...(picture.found?.hint ? [['note', picture.found.hint] as [string, string]] : []),
    );
  }
  if (picture && problem) rows.push(['problem', problem.message]);
  return rows.map(([name, value]) => `${name.padEnd(20)}${value}\n`).join('');
}

const settledNote = (found: ImageArea | null): string =>
  found && !found.settled ? ' (not settled: no two exposures were seen in it; probe again while X-ray is on)' : '';

/** The options that select each of two planes. */
function planeRows(found: ImageArea | null): [string, string][] {
  const two = orderedPlanes(found?.still ? [] : (found?.planes ?? []));
  if (two.length < 2) return [];
  return two.map((plane, i) => [`plane ${i + 1}`, `plane=${i + 1}, or imageArea=${areaText(plane)}`]);
}

/** The size in square pixels; empty if they are square already. */
function squareSize(picture: NonNullable<ProbeReport['picture']>): string {
  if (picture.pixelAspect === 1) return '';
  const { width, height } = squared(picture);
  return `, shown as ${width} × ${height}: a pixel is ${Number(picture.pixelAspect.toFixed(3))} times as wide as high`;
}

const hertz = (value: number | null): string => (value === null ? 'unknown' : `${value.toFixed(2)} a second`);
