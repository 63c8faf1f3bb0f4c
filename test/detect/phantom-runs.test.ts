import { selectKeyFrame } from '../../src/detect/select-key-frame';
import type { KeyFrameEvent } from '../../src/event';
import { phantomRun } from '../../src/phantom/feed/phantom-run';
import { toAnalysis } from '../support/grey';
import { watched } from './a-run';

describe('keyFrames on simulated patients', () => {
  it.each([1, 2])(
    'declares nothing before the contrast, and the rule’s frame at the end, for patient %i',
    (seed) => {
      const run = phantomRun(seed, { width: 256, height: 256 });
      const images = Array.from({ length: run.acquisitions }, (_, i) => toAnalysis(run.imageAt(i)));
      const { at, end } = watched(images);
      const declared = at.flatMap((findings, decidedAt) =>
        findings
          .filter((finding): finding is KeyFrameEvent => finding.kind === 'keyframe')
          .map(({ frame, status }) => ({ frame, status, decidedAt })),
      );
      for (const { frame, decidedAt } of declared) {
        expect(decidedAt).toBeGreaterThanOrEqual(run.preContrast);
        expect(frame).toBeGreaterThanOrEqual(run.preContrast);
      }
      expect(declared.filter(({ status }) => status === 'stabilised').length).toBeLessThanOrEqual(1);
      expect(end).toMatchObject([{ kind: 'keyframe', status: 'final', frame: selectKeyFrame(images)?.index }]);
    },
    20_000,
  );
});
