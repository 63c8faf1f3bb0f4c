import fc from 'fast-check';
import { overlayLabel } from '../../src/view/state/mask-text';
import { keyOverlay, liveOverlay, reviewOverlay } from '../../src/view/state/overlay';
import type { KeptRun } from '../../src/view/state/run-archive';
import { emptyView, streamView, type StreamView } from '../../src/view/state/stream-view';
import { encoded, Messages } from './messages';

const say = new Messages();
const receipt = { at: 1, since: 0, synced: true };
const masked: StreamView = streamView(emptyView, say.mask('r1', 3, 3000), receipt);
const invalid = streamView(masked, say.invalid('r1', 3), receipt);

it('draws the whole mask on its own picture, an outline on a later one of the run, and nothing on any other', () => {
  expect(liveOverlay(masked, say.picture('r1', 3, 3000), 5000, true)?.kind).toBe('own');
  expect(liveOverlay(masked, say.picture('r1', 4, 4000), 5000, true)?.kind).toBe('outline');
  expect(liveOverlay(masked, say.picture('r1', 2, 2000), 5000, true)).toBeNull();
  expect(liveOverlay(masked, say.picture('r2', 3, 3000), 5000, true)).toBeNull();
  expect(liveOverlay(masked, say.picture(null, null, 4000), 5000, true)).toBeNull();
  expect(liveOverlay(emptyView, say.picture('r1', 3, 3000), 5000, true)).toBeNull();
});

it('never draws a mask on a picture of another run, nor in full on any picture but its own', () => {
  const run = fc.constantFrom('r1', 'r2', null);
  fc.assert(
    fc.property(run, fc.nat(6), fc.nat(6000), fc.boolean(), fc.nat(20_000), (of, frame, capturedAt, connected, now) => {
      const picture = say.picture(of, frame, capturedAt);
      for (const overlay of [liveOverlay(masked, picture, now, connected), keyOverlay(masked, picture)]) {
        if (overlay) expect(of).toBe('r1');
        if (overlay?.kind === 'own') expect([frame, capturedAt]).toEqual([3, 3000]);
      }
    }),
  );
});

it('draws nothing on the live picture once the mask is history, nor an outline when that is unknown', () => {
  for (const capturedAt of [3000, 4000]) expect(liveOverlay(invalid, say.picture('r1', 3, capturedAt), 5000, true)).toBeNull();
  expect(liveOverlay(masked, say.picture('r1', 4, 4000), 5000, false)).toBeNull();
  expect(keyOverlay(invalid, say.picture('r1', 3, 3000))?.kind).toBe('own');
});

it('lets the outline fade with its age, but not vanish', () => {
  const alphas = [3000, 5000, 8000, 13_000, 60_000].map((now) => {
    const overlay = liveOverlay(masked, say.picture('r1', 4, 4000), now, true);
    return overlay?.kind === 'outline' ? overlay.alpha : null;
  });
  expect(alphas).toEqual([1, 0.85, 0.7, 0.35, 0.35]);
});

it('names a mask on its own image and marks it with its age on another', () => {
  const marks = [say.picture('r1', 3, 3000), say.picture('r1', 4, 4000)].map((picture) => liveOverlay(masked, picture, 5000, true));
  expect(marks.map((overlay) => overlay && overlayLabel(overlay))).toEqual([
    'key frame 3, stabilised',
    'outline of key frame 3, 2.0 s old',
  ]);
});

it('shows that no tumour was found where a mask is empty', () => {
  const { mask } = masked;
  if (!mask) throw new Error('Expected a mask');
  const empty = { ...masked, mask: { ...mask, facts: { ...mask.facts, lesions: [] } } };
  const marks = [say.picture('r1', 3, 3000), say.picture('r1', 4, 4000)].map((picture) => liveOverlay(empty, picture, 5000, true));
  expect(marks.map((overlay) => overlay && overlayLabel(overlay))).toEqual([
    'key frame 3, stabilised: no tumour found',
    'no tumour found in key frame 3, 2.0 s old',
  ]);
});

it('shows under review each mask on its own frame only', () => {
  const { mask } = masked;
  if (!mask) throw new Error('Expected a mask');
  const pictures = [2000, 3000, 4000].map((capturedAt, at) => encoded(say.picture('r1', at + 2, capturedAt)));
  const run: KeptRun = {
    run: 'r1',
    former: false,
    stream: 'a',
    startedAt: 0,
    acquisitions: 3,
    stability: [],
    keyframes: [],
    masks: [mask],
    pictures,
  };
  expect(pictures.map((picture) => reviewOverlay(run, picture)?.kind)).toEqual([undefined, 'own', undefined]);
});
