import { passwordsOf, redactSecrets } from '../../src/acquire/passwords';
import { parseSource } from '../../src/acquire/source-uri';

it.each<readonly [string, readonly string[]]>([
  ['rtsp://user:hunt%40er2@host/x', ['hunt%40er2', 'hunt@er2']],
  ['rtsp://user:hunter2@host/x?channel=1&pwd=sword%20fish', ['hunter2', 'sword%20fish', 'sword fish']],
  ['rtsp://user:a:b@c@host/x', ['a:b@c']],
  ['rtsp://user:%zz%@host/x', ['%zz%']],
  ['rtsp-listen://0.0.0.0:8554/x?token=sesame', ['sesame']],
  ['rtsp://user:abc@host/x', []],
  ['rtsp://host/x', []],
  ['a.mp4', []],
])('finds the passwords of %s', (uri, passwords) => {
  expect(passwordsOf(parseSource(uri))).toEqual(passwords);
});

it('strikes them out wherever they stand', () => {
  expect(redactSecrets('500 hunter2, hunter2?', ['hunter2'])).toBe('500 ***, ***?');
});

it('strikes out a secret that begins with another one as a whole', () => {
  expect(redactSecrets('hunter2019 and hunter', ['hunter', 'hunter2019'])).toBe('*** and ***');
});
