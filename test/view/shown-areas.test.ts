import { imageAreaText, shownAreas } from '../../src/view/drawing/shown-areas';

const picture = { width: 1280, height: 720 };
const left = { x: 10, y: 60, width: 600, height: 600 };
const right = { x: 640, y: 60, width: 610, height: 600 };
const row = { ...picture, imageArea: left, imageAreaSettled: true, imageAreaHint: null, planes: [left] };
const drawn = (rest: Partial<Parameters<typeof shownAreas>[0]> = {}): readonly string[] =>
  shownAreas({ ...row, ...rest }, picture).map(({ rect, name, taken }) => `${rect.x} ${name}${taken ? ' (full)' : ''}`);

it('draws the image area, given or found', () => {
  expect([drawn(), drawn({ planes: [] })]).toEqual([['10 image area (full)'], ['10 image area (full)']]);
});

it('marks an area that is not settled', () => {
  expect(drawn({ imageAreaSettled: false, planes: [] })).toEqual(['10 image area, not settled (full)']);
});

it('draws both planes with the number that chooses each, from the left, whichever is larger and was taken', () => {
  expect(drawn({ planes: [right, left] })).toEqual(['10 plane=1, taken (full)', '640 plane=2']);
  expect(drawn({ planes: [right, left], imageArea: right })).toEqual(['10 plane=1', '640 plane=2, taken (full)']);
});

it('draws what moves beside an area that stands still', () => {
  const panel = { x: 1260, y: 0, width: 20, height: 700 };
  expect(drawn({ imageArea: panel, planes: [left] })).toEqual(['10 moves', '1260 image area (full)']);
});

it('draws nothing before an area is found, and nothing on a picture of another size', () => {
  expect([drawn({ imageArea: null }), drawn({ width: 640 }), shownAreas(undefined, picture)]).toEqual([[], [], []]);
});

it('shows an engineer where the area is, or what to do about it, also with a server that gives no hints', () => {
  const { imageAreaHint: _, ...old } = row;
  expect(imageAreaText(old)).toEqual({ words: 'image area 10,60,600,600', alarm: false });
  expect(imageAreaText({ ...row, imageAreaSettled: false })).toMatchObject({
    words: expect.stringMatching(/^image area not settled/) as string,
    alarm: true,
  });
  expect(imageAreaText({ ...row, imageAreaHint: 'it was cut' })).toEqual({ words: 'it was cut', alarm: true });
  expect(imageAreaText(undefined).words).toBe('');
});
