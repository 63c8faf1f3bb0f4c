import { type FfmpegInput, type Hwaccel, hwaccelOption } from '../ffmpeg/input';
import { captured, type SourceKind } from '../source-kind';
import { identifier, type OptionValues, positiveNumber, size } from '../uri-options';
import { sourceName } from './paths';

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

/** A capture card that may compress what it gives (MJPEG, H.264). */
export interface CaptureCardSpec<Kind extends string> extends DeviceOptions {
  readonly kind: Kind;
  readonly device: string;
  readonly hwaccel: Hwaccel;
}

const options = { ...deviceOptions, ...hwaccelOption };

/** Such cards differ in how ffmpeg is told of them. */
export const captureCard = <Kind extends string>(
  kind: Kind,
  input: (spec: CaptureCardSpec<Kind>) => FfmpegInput,
): SourceKind<typeof options, CaptureCardSpec<Kind>> => ({
  options,
  parse: ({ rest }, { size, rate, format, hwaccel }) => ({
    ...{ kind, device: sourceName(kind, rest), size, rate, format },
    hwaccel: hwaccel ?? 'none',
  }),
  traits: ({ hwaccel }) => ({ ...captured, hwaccel }),
  opening: (spec) => ({ by: 'ffmpeg', input: () => input(spec) }),
});
