import { identifier, type OptionValues, positiveNumber, size } from './uri-options';

/** What a capture device may be asked for. `rate`: frames per second; `format`: a pixel format in FFmpeg's words (a DeckLink: its format code). */
export const deviceOptions = { size, rate: positiveNumber, format: identifier };

/** Null: the device's own choice. */
export type DeviceOptions = Readonly<OptionValues<typeof deviceOptions>>;

/** As ffmpeg is asked for size and rate. */
export const sizeAndRate = ({ size, rate }: DeviceOptions): readonly string[] => [
  ...(rate === null ? [] : ['-framerate', String(rate)]),
  ...(size === null ? [] : ['-video_size', `${size.width}x${size.height}`]),
];

/** The same for the format, which each device calls otherwise. */
export const formatAs = (option: string, { format }: DeviceOptions): readonly string[] => (format === null ? [] : [option, format]);
