import { lossWord } from '../../src/acquire/source-kinds';
import { parseSource } from '../../src/acquire/source-uri';

it.each([
  ['rtsp://h/x', 'not found'],
  ['rtsp-listen://0.0.0.0:8554/x', 'not found'],
  ['file:a.mp4', 'not found'],
  ['v4l2:/dev/video0', 'no such device'],
  ['decklink:Mini', 'no such device'],
  ['dshow:USB', 'no such device'],
  ['avfoundation:0', 'no such device'],
  ['x11grab::99.0', 'no such device'],
])('calls a missing %s: %s', (uri, word) => {
  const spec = parseSource(uri);
  const wordOf = (code: Parameters<typeof lossWord>[0]['code'], message = '') => lossWord({ code, message }, spec);
  expect(wordOf('not-found')).toBe(word);
  expect([wordOf('refused'), wordOf('unauthorised')]).toEqual(['refused', 'unauthorised']);
  expect([wordOf('ended'), wordOf('stalled'), wordOf('crashed'), wordOf('no-video'), wordOf('late'), wordOf('reconfigured')]).toEqual(
    new Array(6).fill(undefined),
  );
  expect(wordOf('no-video', `${uri}: not a capture device`)).toBe('no such device');
});
