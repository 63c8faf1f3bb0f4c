import { lowDelay } from '../ffmpeg/input';
import { captureCard, type CaptureCardSpec, formatAs, sizeAndRate } from './capture-card';

/** A capture card on Linux. */
export type V4l2Spec = CaptureCardSpec<'v4l2'>;

export const v4l2 = captureCard('v4l2', (spec) => ({
  options: [...lowDelay, '-f', 'v4l2', ...formatAs('-input_format', spec), ...sizeAndRate(spec)],
  input: spec.device,
}));
