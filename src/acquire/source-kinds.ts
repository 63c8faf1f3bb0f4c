import type { Opening, SourceKind, SourceTraits } from './source-kind';
import type { OwnSpec, SourceSpec } from './source-spec';
import { avfoundation } from './sources/avfoundation';
import { decklink } from './sources/decklink';
import { dshow } from './sources/dshow';
import { file } from './sources/file';
import { phantom } from './sources/phantom';
import { rtsp } from './sources/rtsp';
import { rtspListen } from './sources/rtsp-listen';
import { v4l2 } from './sources/v4l2';
import { x11grab } from './sources/x11grab';
import type { OptionReaders } from './uri-options';

/** The kind that each scheme stands for, in the order in which a refusal names them. */
export const sourceKinds: Readonly<Record<OwnSpec['kind'] | 'rtsps', SourceKind<OptionReaders, OwnSpec>>> = {
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

export const kindOf = (spec: SourceSpec): SourceKind<OptionReaders, OwnSpec> => sourceKinds[spec.kind];
export const traitsOf = (spec: SourceSpec): SourceTraits => kindOf(spec).traits(spec);
export const openingOf = (spec: SourceSpec): Opening => kindOf(spec).opening(spec);
