import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';

/** The number of inputs for each entry point; 100,000 in the nightly run. */
export const cases = Number(process.env.FUZZ_CASES ?? 1000);
/** The same inputs every time, unless a run asks for others; what a run finds goes into the corpus. */
export const seed = Number(process.env.FUZZ_SEED ?? 20261125);

/** A case that takes longer hangs: the slowest honest one takes a few milliseconds. */
const SLOWEST_MS = 2000;
/** Most growth from the first tenth of the cases to the last: a nightly run shows even less than 1 kB kept per case. */
const GROWTH_BYTES = 24 * 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes held by this process, once nothing is waiting to be freed. */
export async function held(): Promise<number> {
  for (let i = 0; i < 3; i += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

interface Limits<T> {
  /** Inputs to begin with: those that once found something. */
  readonly kept?: readonly T[];
  /** How many inputs a case stands for, where one start of a process takes many at once. */
  readonly casesPerRun?: number;
  /** How many of the inputs a costly entry point gets; all by default. */
  readonly share?: number;
  readonly slowestMs?: number;
  /** Whether a failing input is made smaller; not where each try takes long. */
  readonly shrink?: boolean;
}

/** `check` holds for every input; none takes long, and together they leak nothing. `check` may throw to refuse. */
export function holds<T>(
  sentence: string,
  inputs: fc.Arbitrary<T>,
  check: (input: T) => unknown,
  { kept = [], casesPerRun = 1, share = 1, slowestMs = SLOWEST_MS, shrink = true }: Limits<T> = {},
): void {
  it(sentence, async () => {
    const started = performance.now();
    const numRuns = Math.max(1, Math.ceil((cases * share) / casesPerRun));
    const warm = kept.length + Math.ceil(numRuns / 10);
    let ran = 0;
    let before = await held();
    let slowest = 0;
    const property = fc.asyncProperty(inputs, async (input) => {
      if (ran === warm) before = await held();
      ran += 1;
      let took = await timed(check, input);
      // A machine with other work makes one try slow; an input that hangs is slow each time.
      for (let again = 0; again < 2 && took > slowestMs; again += 1) took = await timed(check, input);
      slowest = Math.max(slowest, took);
      if (took > slowestMs) throw new Error(`Expected an answer within ${slowestMs} ms, got one after ${Math.round(took)} ms`);
    });
    const examples = kept.map((input): [T] => [input]);
    await fc.assert(property, { numRuns: numRuns + kept.length, seed, examples, endOnFailure: !shrink });
    const grown = (await held()) - before;
    report({ sentence, cases: ran * casesPerRun, runs: ran, seconds: (performance.now() - started) / 1000, slowest, grown });
    expect(grown).toBeLessThan(GROWTH_BYTES);
  });
}

async function timed<T>(check: (input: T) => unknown, input: T): Promise<number> {
  const began = performance.now();
  await check(input);
  return performance.now() - began;
}

/** The result of each test, a line each, for `scripts/fuzz.mjs`. */
function report(result: Readonly<Record<string, string | number>>): void {
  const folder = process.env.FUZZ_REPORT;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  const door = path.basename(expect.getState().testPath ?? 'unknown', '.test.ts');
  appendFileSync(path.join(folder, 'results.jsonl'), `${JSON.stringify({ door, ...result })}\n`);
}

/** The corpus of an entry point: inputs that once failed, and why. */
export function keptTexts(door: string): readonly string[] {
  const file = path.join(__dirname, 'corpus', `${door}.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as readonly { readonly input: string }[]).map(({ input }) => input);
}

/** The same for an entry point that takes bytes, in hexadecimal in the corpus. */
export const keptBytes = (door: string): readonly Uint8Array[] => keptTexts(door).map((hex) => Uint8Array.from(Buffer.from(hex, 'hex')));

/** The error that `work` refuses with, undefined if it does not; other errors are thrown. */
export function refusalOf(work: () => unknown, ...refusals: readonly (abstract new (...args: never[]) => Error)[]): Error | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof Error && refusals.some((refusal) => error instanceof refusal)) return error;
    throw error;
  }
  return undefined;
}

/** One readable line: no control characters, and not too long. */
export function mustBeOneLine(text: string): void {
  if (/[\p{Cc}\u2028\u2029]/u.test(text) || text.length > 1000) throw new Error(`Expected one line, got ${JSON.stringify(text)}`);
}
