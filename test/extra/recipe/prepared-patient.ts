import { ran } from './python';

/** What prepare.py keeps of a patient (shapes: its docstring). */
export interface PreparedPatient {
  readonly key: number;
  /** k−9 … k+2. */
  readonly frames: readonly Uint8Array[];
  /** Of k, k+1 and k+2. */
  readonly tumour: readonly Uint8Array[];
  readonly liver: readonly Uint8Array[];
  readonly lesions: Uint8Array;
}

const unpack = `
import sys, numpy
patient = numpy.load(sys.argv[1])
sys.stdout.buffer.write(bytes([int(patient["key"])]) + b"".join(patient[name].tobytes() for name in ("frames", "tumour", "liver", "lesions")))`;

export function readPrepared(file: string): PreparedPatient {
  const bytes = ran('python3', '-c', unpack, file);
  const image = (n: number): Uint8Array => bytes.subarray(1 + n * 65_536, 1 + (n + 1) * 65_536);
  const images = (first: number, count: number): Uint8Array[] => Array.from({ length: count }, (_, n) => image(first + n));
  return { key: bytes[0] as number, frames: images(0, 12), tumour: images(12, 3), liver: images(15, 3), lesions: image(18) };
}
