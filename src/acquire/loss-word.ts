import { NOT_A_DEVICE } from './ffmpeg/log-line';
import type { LossReason, LossWord } from './source';
import { traitsOf } from './source-kinds';
import type { SourceSpec } from './source-spec';

/** The contract's word for why a source has no pictures; undefined where it has none for that. */
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
