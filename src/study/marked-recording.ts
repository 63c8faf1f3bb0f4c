import { CHOOSERS, type Chooser, type KeyFrameChoices, keyFrameChoices } from './key-frame-choices';
import { type Mark, MARKS_FILE } from './marks';
import { type OpenVideo, type Problem, readRecording, recordingProblems } from './patient';

/** A recording and the marks of its readers, parsed. */
export interface MarkedRecording {
  readonly recording: string;
  /** Path in the folder; one video frame per acquisition. */
  readonly video: string;
  /** At least one. */
  readonly marks: readonly Mark[];
}

/** From a mark to a chosen frame: positive where that is the later one. */
export interface Distance {
  readonly frames: number;
  readonly seconds: number;
}

/** A reader's mark, and how far from it each key frame lies (null: there is none). */
export interface MarkDistances extends Readonly<Record<Chooser, Distance | null>> {
  readonly reader: string | null;
  readonly frame: number;
  /** Since the first acquisition. */
  readonly seconds: number;
}

/** A recording's key frames, compared with its marks. */
export interface KeyFrameCase {
  readonly recording: string;
  readonly acquisitions: number;
  /** The frame rate of the video. */
  readonly acquisitionRateHz: number;
  readonly keyFrames: KeyFrameChoices;
  readonly marks: readonly MarkDistances[];
}

/** The paper's rule needs a neighbour on each side (section 2.1). */
const MIN_ACQUISITIONS = 3;

/** Decodes a recording and compares its key frames with its marks; or returns all its problems. */
export async function compareKeyFrames(marked: MarkedRecording, open: OpenVideo): Promise<KeyFrameCase | readonly Problem[]> {
  const { recording, video, marks } = marked;
  const read = await readRecording(video, open);
  if (!('images' in read)) return [read];
  const { images } = read;
  const seconds = read.seconds.filter((one) => one !== null);
  const beyond = marks.filter(({ frame }) => frame >= images.length);
  const problems = [
    ...recordingProblems(video, read, MIN_ACQUISITIONS),
    ...(seconds.length === images.length && seconds.every((one, i) => i === 0 || one > (seconds[i - 1] as number))
      ? []
      : [{ file: video, problem: 'expected pictures with rising timestamps, got others' }]),
    ...beyond.map(({ line, frame }) => ({
      file: MARKS_FILE,
      problem: `line ${line}: expected a frame of ${video} (0 to ${images.length - 1}), got ${frame}`,
    })),
  ];
  const keyFrames = problems.length > 0 ? null : await keyFrameChoices(images, seconds);
  if (!keyFrames) return problems;
  const [first, last] = [seconds[0] as number, seconds.at(-1) as number];
  const distances = ({ reader, frame }: Mark): MarkDistances => {
    const markedAt = seconds[frame] as number;
    const toChoice = (chooser: Chooser): Distance | null => {
      const chosen = keyFrames[chooser];
      return chosen === null ? null : { frames: chosen - frame, seconds: rounded((seconds[chosen] as number) - markedAt) };
    };
    const [rule, stabilised, final] = CHOOSERS.map(toChoice) as [Distance | null, Distance | null, Distance | null];
    return { reader, frame, seconds: rounded(markedAt - first), rule, stabilised, final };
  };
  return {
    ...{ recording, acquisitions: images.length, acquisitionRateHz: rounded((images.length - 1) / (last - first), 1e3), keyFrames },
    marks: marks.map(distances),
  };
}

/** Digits below come from arithmetic, or from timestamps in milliseconds. */
const rounded = (value: number, unit = 1e6): number => Math.round(value * unit) / unit;
