import { summarise, toKeyFrameStudy } from '../../src/study/key-frame-study';
import { distancesCsv, keyFrameText } from '../../src/study/key-frame-text';
import type { KeyFrameCase, MarkDistances } from '../../src/study/marked-recording';

const distance = (frames: number) => ({ frames, seconds: frames / 4 });

/** A recording at four acquisitions a second. */
function aCase(
  recording: string,
  keyFrames: KeyFrameCase['keyFrames'],
  marks: readonly (readonly [string | null, number])[],
): KeyFrameCase {
  const toMark = (chosen: number | null, mark: number) => (chosen === null ? null : distance(chosen - mark));
  return {
    ...{ recording, acquisitions: 25, acquisitionRateHz: 4, keyFrames },
    marks: marks.map(([reader, frame]): MarkDistances => ({
      ...{ reader, frame, seconds: frame / 4, rule: toMark(keyFrames.rule, frame) },
      ...{ stabilised: toMark(keyFrames.stabilised, frame), final: toMark(keyFrames.final, frame) },
    })),
  };
}

const cases = [
  aCase('a.mkv', { rule: 14, stabilised: 10, final: 14 }, [
    ['Anna', 14],
    ['Ben', 16],
    ['Cleo', 13],
  ]),
  aCase('b, late.mkv', { rule: 9, stabilised: null, final: null }, [['Anna', 12]]),
];

it('takes distances without their sign', () => {
  expect(summarise([-3, 0, 1, 2].map(distance))).toEqual({
    ...{ pairs: 4, meanFrames: 1.5, medianFrames: 1.5, meanSeconds: 0.375, medianSeconds: 0.375 },
    within: [0.25, 0.5, 0.75],
  });
  expect(summarise([])).toBeNull();
});

it('pools the marks of all recordings, and leaves out those without a key frame', () => {
  const { recordings, marks, readers, notStabilised, notAssessed, rule, stabilised, final } = toKeyFrameStudy(cases);
  expect({ recordings, marks, readers, notStabilised, notAssessed }).toEqual({
    ...{ recordings: 2, marks: 4, readers: 3, notStabilised: 1, notAssessed: 1 },
  });
  expect(rule).toMatchObject({ pairs: 4, meanFrames: 1.5, medianFrames: 1.5, within: [0.25, 0.5, 0.75] });
  expect(stabilised).toMatchObject({ pairs: 3, meanFrames: 13 / 3, medianFrames: 4, meanSeconds: 13 / 12, within: [0, 0, 0] });
  expect(final).toMatchObject({ pairs: 3, meanFrames: 1, medianFrames: 1, within: [1 / 3, 2 / 3, 1] });
});

it('compares every two readers of a recording once', () => {
  expect(toKeyFrameStudy(cases).betweenReaders).toMatchObject({ pairs: 3, meanFrames: 2, medianFrames: 2, within: [0, 1 / 3, 2 / 3] });
  expect(toKeyFrameStudy(cases.slice(1)).betweenReaders).toBeNull();
});

it('prints a table of at most 80 columns', () => {
  const lines = keyFrameText(toKeyFrameStudy(cases), `/data/${'y'.repeat(100)}`).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines).toContain('4 marks by 3 readers');
  expect(lines).toContainEqual(expect.stringMatching(/^online, stabilised +3 +4\.33 +4\.00 +1\.08 +1\.00 +0% +0% +0%$/));
  expect(lines).toContainEqual(expect.stringMatching(/^between readers +3 /));
  expect(lines).toContain('nothing stabilised in 1 of 2 recordings');
});

it('says nothing of readers who are not named, and shows that there is nothing to compare', () => {
  const text = keyFrameText(toKeyFrameStudy([aCase('a', { rule: 9, stabilised: null, final: null }, [[null, 9]])]), 'data');
  expect(text).toMatch(/^1 mark$/m);
  expect(text).toMatch(/^online, final +0( +–){7}$/m);
  expect(text).not.toContain('readers');
});

it('writes a line per mark, empty where there is no key frame', () => {
  expect(distancesCsv(toKeyFrameStudy(cases)).split('\n')).toEqual([
    'recording,reader,mark,rule,ruleFrames,ruleSeconds,stabilised,stabilisedFrames,stabilisedSeconds,final,finalFrames,finalSeconds',
    'a.mkv,Anna,14,14,0,0,10,-4,-1,14,0,0',
    'a.mkv,Ben,16,14,-2,-0.500000,10,-6,-1.500000,14,-2,-0.500000',
    'a.mkv,Cleo,13,14,1,0.250000,10,-3,-0.750000,14,1,0.250000',
    '"b, late.mkv",Anna,12,9,-3,-0.750000,,,,,,',
    '',
  ]);
});
