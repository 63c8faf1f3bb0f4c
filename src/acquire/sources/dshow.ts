import { lowDelay } from '../ffmpeg/input';
import { captureCard, type CaptureCardSpec, formatAs, sizeAndRate } from './capture-card';

/** A capture card on Windows. */
export type DshowSpec = CaptureCardSpec<'dshow'>;

export const dshow = captureCard('dshow', (spec) => ({
  options: [...lowDelay, '-f', 'dshow', '-rtbufsize', '64M', ...formatAs('-pixel_format', spec), ...sizeAndRate(spec)],
  input: `video=${spec.device}`,
}));
