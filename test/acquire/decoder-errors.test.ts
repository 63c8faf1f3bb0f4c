import { decoderErrors } from '../../src/acquire/ffmpeg/damage';

const line = (text: string, decoder = 'mjpeg'): string => `[${decoder} @ 0x55d4c8] [error] ${text}`;

it.each([
  ['mjpeg', 'overread 8'],
  ['mjpeg', 'error dc'],
  ['mpeg2video', 'ac-tex damaged at 12 3'],
  ['prores', 'invalid plane data size'],
  ['dvvideo', 'AC EOB marker is absent pos=64'],
  ['vp8', 'Header size larger than data provided'],
])('takes an error of the %s decoder for damage: %s', (codec, text) => {
  expect(decoderErrors().isDamage(line(text, codec), codec)).toBe(true);
});

it.each(['unable to decode APP fields: Invalid data found', 'SEI type 764 size 64 truncated at 32', 'mmco: unref short failure'])(
  'ignores an error that spoils no picture: %s',
  (text) => {
    expect(decoderErrors().isDamage(line(text), 'mjpeg')).toBe(false);
  },
);

it('ignores lines that are not from the decoder', () => {
  const { isDamage } = decoderErrors();
  expect(isDamage(line('overread 8', 'swscaler'), 'mjpeg')).toBe(false);
  expect(isDamage('[mjpeg @ 0x55] [warning] EOI missing, emulating', 'mjpeg')).toBe(false);
  expect(isDamage('[error] overread 8', 'mjpeg')).toBe(false);
});

it('ignores an error that comes with most pictures, as a habit of the encoder', () => {
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
