import { lostWord } from '../../src/view/lost-word';

it.each([
  ['user name or password refused', 'Wrong password'],
  ['unauthorised: back off until the configuration changes', 'Wrong password'],
  ['access forbidden', 'No permission'],
  ['permission denied', 'No permission'],
  ['no such file or device', 'No device'],
  ['no such display', 'No device'],
  ['not a capture device', 'No device'],
  ['no such host', 'Not found'],
  ['the server knows no such stream', 'Not found'],
  ['not found', 'Not found'],
  ['the device is in use', 'In use'],
  ['connection refused', 'Refused'],
  ['no route to the host', 'Refused'],
  ['the server reports an error', 'Refused'],
  ['imageArea=2000,0,788,788 lies outside the picture of 1280 × 800', 'Wrong area'],
])('says of a source that is lost for “%s”: %s', (reason, word) => {
  expect([lostWord(reason, true), lostWord(reason, false)]).toEqual([word, word]);
});

it('tells a signal that was lost from one that never came', () => {
  expect([lostWord('no picture arrives', true), lostWord('no picture arrives', false)]).toEqual(['Signal lost', 'No signal']);
});
