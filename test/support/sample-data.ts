import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The truth of one run in a sample feed; frames are video frames, inclusive. */
export interface TruthRun {
  readonly startFrame: number;
  readonly endFrame: number;
  readonly acquisitions: readonly number[];
  readonly keyFrameAcquisition: number;
  readonly scoredAcquisitions: readonly number[];
  readonly scores: readonly number[];
}
export interface Truth {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly frameCount: number;
  readonly imageArea: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly runs: readonly TruthRun[];
}

const folder = process.env.ANGIOCAST_SAMPLE_DATA ?? resolve(__dirname, '../../../shared/data');

/** Real feeds lie outside the repository; a test that needs one passes without it, and says so. */
export function withSampleFeed(name: string, test: (video: string, truth: Truth) => Promise<void>): () => Promise<void> {
  return async () => {
    const video = `${folder}/feeds/${name}.mp4`;
    if (!existsSync(video)) {
      process.stdout.write(`skipped: no sample data (${name})\n`);
      return;
    }
    await test(video, JSON.parse(readFileSync(video.replace('.mp4', '.truth.json'), 'utf8')) as Truth);
  };
}
