import type { KeyFrameEvent } from '../../src/event';
import type { AnalysisImage } from '../../src/frame';
import { keyFrameChoices } from '../../src/study/key-frame-choices';
import { selectKeyFrame } from '../../src/detect/select-key-frame';
import { shot, washIn, watched } from '../detect/a-run';

const choices = (images: readonly AnalysisImage[]) =>
  keyFrameChoices(
    images,
    images.map((_, i) => i / 4),
  );

it('chooses what the paper’s rule and a live run choose', async () => {
  const images = washIn(12);
  const { at, end } = watched(images);
  const live = [...at, end].flat().filter((finding): finding is KeyFrameEvent => finding.kind === 'keyframe');
  const chosen = await choices(images);
  expect(chosen).toEqual({ rule: selectKeyFrame(images)?.index, stabilised: live[0]?.frame, final: live.at(-1)?.frame });
  expect(chosen?.stabilised).toBeGreaterThan(4);
});

it('leaves out what a live run does not announce', async () => {
  const withoutContrast = Array.from({ length: 12 }, (_, i) => shot(i, 0));
  expect(await choices(withoutContrast)).toEqual({ rule: selectKeyFrame(withoutContrast)?.index, stabilised: null, final: null });
});

it('needs three acquisitions', async () => {
  expect(await choices([])).toBeNull();
  expect(await choices(washIn(1).slice(0, 2))).toBeNull();
});
