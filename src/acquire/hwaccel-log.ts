import { inLine } from './in-line';

/** After one of these ffmpeg ends, or goes on without hardware. */
const refused =
  /^(?:No device available for decoder|(?:Hardware device|Device) setup failed for decoder|Unrecognized hwaccel|Auto hwaccel disabled|Failed setup for format \w+: hwaccel|\w+ hwaccel requested for input stream .* cannot be initialized|Failed to transfer data to output frame|Impossible to convert between the formats)/;
/** What a device says of itself before. */
const cause = /^\[AVHWDeviceContext @ \w+\] \[error\]|^\[\w+ @ \w+\] \[error\] .*CUDA_ERROR_/;
/** More of a line is not told. */
const LONGEST = 120;

/**
 * Reads the log of an ffmpeg that is to decode by hardware. `refusal`: why it does not, in ffmpeg's words in short; null: nothing of the kind was said. Titles
 * and comments of a source never stand at the beginning of what is said.
 */
export function hwaccelLog(): { readonly read: (line: string) => void; readonly refusal: () => string | null } {
  let refusal: string | null = null;
  let because: string | null = null;
  return {
    read(line) {
      const words = line.replace(/^(?:\[[^\]]*\] ?)+/, '');
      const told = words.slice(0, LONGEST).replace(/[\s.:]+$/, '');
      if (cause.test(line)) because ??= told;
      else if (refused.test(words)) refusal ??= told;
    },
    refusal: () => (refusal === null ? null : inLine(because === null ? refusal : `${refusal} (${because})`)),
  };
}
