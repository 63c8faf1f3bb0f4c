import { NOT_A_DEVICE } from './ffmpeg/log-line';
import type { LossReason, LossWord } from './source';
import type { Opening, SourceKind, SourceTraits } from './source-kind';
import type { KindSpec, SourceSpec } from './source-spec';
import { avfoundation, decklink, dshow, v4l2, x11grab } from './sources/device';
import { file } from './sources/file';
import { phantom } from './sources/phantom';
import { rtsp } from './sources/rtsp';
import { rtspListen } from './sources/rtsp-listen';
import type { OptionReaders } from './uri-options';

/** The kind of source for each scheme, in the order in which an error message lists them. */
export const sourceKinds: Readonly<Record<KindSpec['kind'] | 'rtsps', SourceKind<OptionReaders, KindSpec>>> = {
  rtsp,
  rtsps: rtsp,
  'rtsp-listen': rtspListen,
  v4l2,
  decklink,
  dshow,
  avfoundation,
  x11grab,
  file,
  phantom,
};

export const kindOf = (spec: SourceSpec): SourceKind<OptionReaders, KindSpec> => sourceKinds[spec.kind];
export const traitsOf = (spec: SourceSpec): SourceTraits => kindOf(spec).traits(spec);
export const openingOf = (spec: SourceSpec): Opening => kindOf(spec).opening(spec);

/** The contract's word for why a source has no pictures; undefined if it has none for that reason. */
export function lossWord(
  { code, message }: { readonly code: LossReason; readonly message: string },
  spec: SourceSpec,
): LossWord | undefined {
  switch (code) {
    case 'refused':
    case 'unauthorised':
      return code;
    case 'not-found':
      return isDevice(spec) ? 'no such device' : 'not found';
    case 'no-video':
      return message.endsWith(NOT_A_DEVICE) ? 'no such device' : undefined;
    case 'ended':
    case 'stalled':
    case 'late':
    case 'crashed':
    case 'reconfigured':
      return undefined;
  }
}

function isDevice(spec: SourceSpec): boolean {
  const { url, file } = traitsOf(spec);
  return url === null && file === null;
}
