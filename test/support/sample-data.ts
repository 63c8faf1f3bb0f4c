import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Rect } from '../../src/frame';

/** What a test feed truly shows; frames are video frames counted from 0. */
export interface Truth {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly frameCount: number;
  readonly imageArea: Rect;
  readonly runs: readonly TrueRun[];
}
export interface TrueRun {
  readonly name: string;
  readonly startFrame: number;
  readonly endFrame: number;
  /** The first video frame of each acquisition. */
  readonly acquisitions: readonly number[];
  readonly acquisitionRateHz: number;
  /** By the paper's rule, as an index into `acquisitions`. */
  readonly keyFrameAcquisition: number;
  readonly scoredAcquisitions: readonly number[];
  readonly scores: readonly number[];
}
export interface Feed {
  readonly video: string;
  readonly truth: Truth;
}

/** The sample data stand beside the repository, or where ANGIOCAST_SAMPLE_DATA says. */
const folder = process.env.ANGIOCAST_SAMPLE_DATA ?? path.resolve(__dirname, '../../../shared/data');

/** A feed and its truth; undefined, with one warning, where there are no sample data. */
export function sampleFeed(name: string): Feed | undefined {
  const video = path.join(folder, 'feeds', `${name}.mp4`);
  if (!existsSync(video)) {
    process.stdout.write(`skipped: no sample data (${name})\n`);
    return undefined;
  }
  return { video, truth: JSON.parse(readFileSync(video.replace(/\.mp4$/, '.truth.json'), 'utf8')) as Truth };
}

/** Real feeds lie outside the repository; a test that needs one passes without it, with a warning. */
export function withSampleFeed(name: string, test: (video: string, truth: Truth) => Promise<void>): () => Promise<void> {
  return async () => {
    const feed = sampleFeed(name);
    if (feed !== undefined) await test(feed.video, feed.truth);
  };
}
