import { decoderErrors } from '../../src/acquire/ffmpeg/damage';

const line = (text: string, decoder = 'mjpeg'): string => `[${decoder} @ 0x55d4c8] [error] ${text}`;

it.each([
  ['mjpeg', 'overread 8'],
  ['mjpeg', 'error dc'],
  ['mpeg2video', 'ac-tex damaged at 12 3'],
  ['prores', 'invalid plane data size'],
  ['dvvideo', 'AC EOB marker is absent pos=64'],
  ['vp8', 'Header size larger than data provided'],
])('takes what the decoder of %s says for damage: %s', (codec, text) => {
  expect(decoderErrors().isDamage(line(text, codec), codec)).toBe(true);
});

it.each(['unable to decode APP fields: Invalid data found', 'SEI type 764 size 64 truncated at 32', 'mmco: unref short failure'])(
  'knows what spoils no picture: %s',
  (text) => {
    expect(decoderErrors().isDamage(line(text), 'mjpeg')).toBe(false);
  },
);

it('does not take the words of others for those of the decoder', () => {
  const { isDamage } = decoderErrors();
  expect(isDamage(line('overread 8', 'swscaler'), 'mjpeg')).toBe(false);
  expect(isDamage('[mjpeg @ 0x55] [warning] EOI missing, emulating', 'mjpeg')).toBe(false);
  expect(isDamage('[error] overread 8', 'mjpeg')).toBe(false);
});

it('takes what is said of most pictures for the way of that encoder', () => {
  const { isDamage, picture } = decoderErrors();
  const told = Array.from({ length: 30 }, (_, i) => {
    const damage = isDamage(line(`overread ${i}`), 'mjpeg');
    picture();
    return damage;
  });
  expect(told.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => true));
  expect(told.slice(12)).not.toContain(true);
  expect(isDamage(line('error dc'), 'mjpeg')).toBe(true);
});
