import { type DeviceOptions, deviceOptions } from '../device-options';
import type { FfmpegInput } from '../ffmpeg-input';
import { type Hwaccel, hwaccelOption } from '../hwaccel';
import type { SourceKind } from '../source-kind';
import { sourceName } from '../source-name';
import { captured } from '../source-traits';

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
