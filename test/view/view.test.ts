import fc from 'fast-check';
import { announcement, maskAnnouncement } from '../../src/push/announcement';
import type { FrameMessage, ServerMessage } from '../../src/push/protocol';
import { letterbox } from '../../src/view/letterbox';
import { emptyView, keyPicture, livePicture, streamView, type StreamView } from '../../src/view/stream-view';
import { age, area, diameter, isCurrent, maskMark, runName } from '../../src/view/words';
import { Script, squareMask } from '../push/scripted';

let seq = 0;
const after = (view: StreamView, ...messages: readonly ServerMessage[]): StreamView =>
  messages.reduce((before, message) => streamView(before, { message, seq: (seq += 1), payload: new Uint8Array() }), view);

const s = new Script('a', () => 1000);
const mask = (run: string, frame: number, capturedAt: number): ServerMessage => {
  const event = s.mask(run, frame, 'stabilised');
  if (event.kind !== 'mask') throw new Error('Expected a mask');
  return maskAnnouncement({ ...event, capturedAt }, 1000);
};
const picture = (capturedAt: number): FrameMessage => ({
  type: 'frame',
  run: 'r1',
  frame: 0,
  capturedAt,
  width: 4,
  height: 3,
  encoding: 'jpeg',
  repeated: false,
});
const invalid: ServerMessage = { type: 'invalid', run: 'r1', frame: 3, reason: 'new-run' };

describe('a letterboxed picture', () => {
  it('lies inside its box, touches two sides, keeps its shape and is centred', () => {
    const size = fc.record({ width: fc.integer({ min: 1, max: 5000 }), height: fc.integer({ min: 1, max: 5000 }) });
    fc.assert(
      fc.property(size, size, (of, box) => {
        const place = letterbox(of, box);
        expect(place.width / place.height).toBeCloseTo(of.width / of.height, 6);
        expect(Math.min(place.x, place.y)).toBeCloseTo(0, 6);
        expect(place.x * 2 + place.width).toBeCloseTo(box.width, 6);
        expect(place.y * 2 + place.height).toBeCloseTo(box.height, 6);
      }),
    );
    expect(letterbox({ width: 0, height: 3 }, { width: 9, height: 9 })).toMatchObject({ width: 0, height: 0 });
  });
});

describe('the view of a stream', () => {
  it('shows the newest picture, in whatever order they come, and finds the one a mask belongs to', () => {
    const view = after(emptyView, picture(3), picture(5), picture(4), mask('r1', 3, 3));
    expect(livePicture(view)?.facts.capturedAt).toBe(5);
    expect(keyPicture(view)?.facts.capturedAt).toBe(3);
    expect(view.pictures).toHaveLength(3);
  });

  it('keeps the picture of the mask, however many come after it', () => {
    const view = after(emptyView, picture(3), mask('r1', 3, 3), ...Array.from({ length: 200 }, (_, at) => picture(10 + at)));
    expect(keyPicture(view)?.facts.capturedAt).toBe(3);
    expect(view.pictures.length).toBeLessThan(60);
  });

  it('calls a mask history as soon as the server says so, and not because of another one', () => {
    const view = after(emptyView, mask('r1', 3, 3));
    expect(after(view, { ...invalid, frame: 4 }).invalid).toBeNull();
    expect(after(view, invalid).invalid).toBe('new-run');
    expect(after(view, invalid, mask('r2', 1, 9)).invalid).toBeNull();
  });

  it('begins a run without the key frame of the last', () => {
    const said = [s.run('r1', 'started', 2), s.stability('r1', 2), s.keyFrame('r1', 1, 'stabilised'), s.run('r2', 'started', 2)];
    const messages = said.map((event) => announcement(event as Parameters<typeof announcement>[0]));
    expect(after(emptyView, ...messages.slice(0, 3))).toMatchObject({ run: 'r1', acquisitions: 3, keyframe: { frame: 1 } });
    expect(after(emptyView, ...messages)).toMatchObject({ run: 'r2', acquisitions: 2, keyframe: null, stability: [] });
  });

  it('counts what it was too slow for', () => {
    expect(after(emptyView, { type: 'loss', topic: 'frame', from: 1, to: 9, count: 4, reason: 'slow-client' }).lost).toBe(4);
  });
});

describe('a mask', () => {
  it('is named on its own image, marked with its age on another, and not drawn at all once it is history', () => {
    const view = after(emptyView, mask('r1', 3, 3000));
    expect(maskMark(view, 3000, 5000)).toBe('key frame 3, stabilised');
    expect(maskMark(view, 4000, 5000)).toBe('outline of key frame 3, 2.0 s old');
    expect(maskMark(after(view, invalid), 3000, 5000)).toBeNull();
    expect(maskMark(emptyView, 3000, 5000)).toBeNull();
  });
});

it('writes lengths in mm where the spacing is known, ages as one says them, and which states are current', () => {
  const [lesion] = squareMask(s.imageArea).lesions;
  if (!lesion) throw new Error('Expected a lesion');
  expect([diameter(lesion), area(lesion)]).toEqual(['21.2 mm', '225 mm²']);
  expect([diameter({ ...lesion, longestDiameterMm: null }), area({ ...lesion, areaMm2: null })]).toEqual(['71 px', '2500 px²']);
  expect([runName('suite-3', 'suite'), runName('r7', 'suite'), runName('suite-', 'suite')]).toEqual(['3', 'r7', 'suite-']);
  expect([0, 1234, 45_600, 300_000].map(age)).toEqual(['0.0 s', '1.2 s', '46 s', '5 min']);
  expect((['connecting', 'live', 'held', 'frozen', 'lost', 'ended'] as const).filter(isCurrent)).toEqual(['live', 'held']);
});
