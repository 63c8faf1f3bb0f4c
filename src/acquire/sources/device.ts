import { type FfmpegInput, type Hwaccel, hwaccelOption, lowDelay } from '../ffmpeg/input';
import { captureTraits, type SourceKind, sourceName } from '../source-kind';
import { identifier, type OptionValues, positiveNumber, size } from '../uri-options';

/** `rate`: frames per second; `format`: a pixel format of FFmpeg (DeckLink: a format code). */
export const deviceOptions = { size, rate: positiveNumber, format: identifier };

/** Null: the device's default. */
export type DeviceOptions = Readonly<OptionValues<typeof deviceOptions>>;

export const sizeAndRate = ({ size, rate }: DeviceOptions): readonly string[] => [
  ...(rate === null ? [] : ['-framerate', String(rate)]),
  ...(size === null ? [] : ['-video_size', `${size.width}x${size.height}`]),
];

/** The format, whose option differs between devices. */
export const formatAs = (option: string, { format }: DeviceOptions): readonly string[] => (format === null ? [] : [option, format]);

/** A capture card that may compress its pictures (MJPEG, H.264). */
export interface CaptureCardSpec<Kind extends string> extends DeviceOptions {
  readonly kind: Kind;
  readonly device: string;
  readonly hwaccel: Hwaccel;
}

const options = { ...deviceOptions, ...hwaccelOption };

/** Such cards differ only in ffmpeg's input. */
export const captureCard = <Kind extends string>(
  kind: Kind,
  input: (spec: CaptureCardSpec<Kind>) => FfmpegInput,
): SourceKind<typeof options, CaptureCardSpec<Kind>> => ({
  options,
  parse: ({ rest }, { size, rate, format, hwaccel }) => ({
    ...{ kind, device: sourceName(kind, rest), size, rate, format },
    hwaccel: hwaccel ?? 'none',
  }),
  traits: ({ hwaccel }) => ({ ...captureTraits, hwaccel }),
  opening: (spec) => ({ by: 'ffmpeg', input: () => input(spec) }),
});

/** A capture card on Linux. */
export type V4l2Spec = CaptureCardSpec<'v4l2'>;

export const v4l2 = captureCard('v4l2', (spec) => ({
  options: [...lowDelay, '-f', 'v4l2', ...formatAs('-input_format', spec), ...sizeAndRate(spec)],
  input: spec.device,
}));

/** A capture card on Windows. */
export type DshowSpec = CaptureCardSpec<'dshow'>;

export const dshow = captureCard('dshow', (spec) => ({
  options: [...lowDelay, '-f', 'dshow', '-rtbufsize', '64M', ...formatAs('-pixel_format', spec), ...sizeAndRate(spec)],
  input: `video=${spec.device}`,
}));

/** A capture card on macOS. */
export interface AvfoundationSpec extends DeviceOptions {
  readonly kind: 'avfoundation';
  readonly device: string;
}

export const avfoundation: SourceKind<typeof deviceOptions, AvfoundationSpec> = {
  options: deviceOptions,
  parse: ({ rest }, { size, rate, format }) => ({ kind: 'avfoundation', device: sourceName('avfoundation', rest), size, rate, format }),
  traits: () => captureTraits,
  opening: (spec) => ({
    by: 'ffmpeg',
    input: () => ({
      options: [...lowDelay, '-f', 'avfoundation', ...formatAs('-pixel_format', spec), ...sizeAndRate(spec)],
      input: `${spec.device}:none`,
    }),
  }),
};

/** A Blackmagic card, for an ffmpeg built with its SDK. Its format code includes size and rate. */
export interface DecklinkSpec extends DeviceOptions {
  readonly kind: 'decklink';
  readonly device: string;
}

export const decklink: SourceKind<typeof deviceOptions, DecklinkSpec> = {
  options: deviceOptions,
  parse: ({ rest }, { size, rate, format }) => ({ kind: 'decklink', device: sourceName('decklink', rest), size, rate, format }),
  traits: () => captureTraits,
  opening: (spec) => ({
    by: 'ffmpeg',
    input: () => ({ options: [...lowDelay, '-f', 'decklink', ...formatAs('-format_code', spec)], input: spec.device }),
  }),
};

/** An X11 screen, or part of it. */
export interface X11grabSpec extends DeviceOptions {
  readonly kind: 'x11grab';
  readonly display: string;
}

export const x11grab: SourceKind<typeof deviceOptions, X11grabSpec> = {
  options: deviceOptions,
  parse: ({ rest }, { size, rate, format }) => ({ kind: 'x11grab', display: sourceName('x11grab', rest), size, rate, format }),
  traits: () => captureTraits,
  opening: (spec) => ({
    by: 'ffmpeg',
    input: () => ({ options: [...lowDelay, '-f', 'x11grab', '-draw_mouse', '0', ...sizeAndRate(spec)], input: spec.display }),
  }),
};
