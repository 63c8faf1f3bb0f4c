import { execFileSync } from 'node:child_process';

/** One coded picture: its NAL units, without start codes. */
export interface AccessUnit {
  readonly nals: readonly Buffer[];
  readonly isKey: boolean;
}

const [IDR, SPS, PPS, DELIMITER] = [5, 7, 8, 9];
const typeOf = (nal: Buffer): number => nal.readUInt8(0) & 31;

/** The coded pictures of an H.264 recording in decoding order, which is display order without B-frames. */
export function accessUnits(ffmpeg: string, video: string): readonly AccessUnit[] {
  const asBytes = ['-c', 'copy', '-bsf:v', 'h264_mp4toannexb,h264_metadata=aud=insert', '-f', 'h264', 'pipe:1'];
  const bytes = execFileSync(ffmpeg, ['-v', 'error', '-i', video, ...asBytes], { maxBuffer: 2 ** 30 });
  const units: Buffer[][] = [];
  for (const nal of nalUnits(bytes)) {
    if (typeOf(nal) === DELIMITER) units.push([]);
    else units.at(-1)?.push(nal);
  }
  return units.map((nals) => ({ nals, isKey: nals.some((nal) => typeOf(nal) === IDR) }));
}

/** The parameter sets of a recording, as SDP wants them. */
export function parameterSets(units: readonly AccessUnit[]): readonly [sps: Buffer, pps: Buffer] {
  const nals = units[0]?.nals ?? [];
  const [sps, pps] = [SPS, PPS].map((type) => nals.find((nal) => typeOf(nal) === type));
  if (!sps || !pps) throw new Error('Expected a recording that begins with its parameter sets');
  return [sps, pps];
}

const START = Buffer.from([0, 0, 1]);

/** Annex B: what lies between start codes, without the zeros that belong to the next one. */
function* nalUnits(bytes: Buffer): Generator<Buffer> {
  for (let at = bytes.indexOf(START); at >= 0;) {
    const next = bytes.indexOf(START, at + 3);
    let end = next < 0 ? bytes.length : next;
    while (bytes[end - 1] === 0) end -= 1;
    yield bytes.subarray(at + 3, end);
    at = next;
  }
}
