import { lostWord } from '../../src/view/state/display-state';
import { emptyView } from '../../src/view/state/stream-view';

it.each([
  ['unauthorised', 'rtsp://h/x: user name or password refused', 'Wrong password'],
  ['unauthorised', 'rtsp://h/forbidden/x: user name or password refused', 'Wrong password'],
  ['unauthorised', undefined, 'Wrong password'],
  ['unauthorised', 'rtsp://h/x: access forbidden', 'No permission'],
  ['unauthorised', 'v4l2:/dev/video0: permission denied', 'No permission'],
  ['no such device', 'v4l2:/dev/video0: no such file or device', 'No device'],
  ['not found', 'rtsp://h/x: the server knows no such stream', 'Not found'],
  ['refused', 'v4l2:/dev/video0: the device is in use', 'In use'],
  ['refused', 'rtsp://h/x: connection refused', 'Refused'],
  ['refused', undefined, 'Refused'],
  ['imageArea=2000,0,788,788 lies outside the picture of 1280 × 800', undefined, 'Wrong area'],
])('says of a source that is lost as “%s”, %s: %s', (reason, detail, word) => {
  const view = { ...emptyView, reason, detail };
  expect([lostWord(view), lostWord({ ...view, run: 'r1' })]).toEqual([word, word]);
});

it('tells a signal that was lost from one that never came', () => {
  const view = { ...emptyView, reason: 'rtsp://h/x: no more pictures came' };
  expect([lostWord({ ...view, run: 'r1' }), lostWord(view)]).toEqual(['Signal lost', 'No signal']);
});
