import fc from 'fast-check';
import { ffmpegArgs } from '../../src/acquire/ffmpeg/arguments';
import type { SourceSpec } from '../../src/acquire/source-spec';
import { parseSource } from '../../src/acquire/source-uri';
import { SourceUriError } from '../../src/acquire/uri-options';
import { redactUri } from '../../src/core/log-text';
import { holds, keptTexts, mustBeOneLine, refusalOf } from './fuzz';
import { anyText, mutatedText } from './mutations';

const valid = fc.constantFrom(
  'rtsp://user:pass@cam:8554/a?channel=1#transport=udp&id=suite-1&name=Suite%201%20%26%202&imageArea=6,6,788,788',
  'rtsps://[::1]:322/a#polarity=bright-vessels&pixelSpacingMm=0.3',
  'rtsp-listen://0.0.0.0:8554/path#hwaccel=auto',
  'v4l2:/dev/video0#size=1920x1080&rate=59.94&format=yuyv422',
  'decklink:UltraStudio 4K %231',
  'x11grab::99.0#size=1280x800&rate=30',
  'file:/a b/run%231.mp4#rate=max&repeat=1',
  'file:///srv/run.mp4',
  'C:\\runs\\run.mp4',
  'phantom:#seed=7&rate=7.5',
);
const schemes = fc.constantFrom('rtsp', 'rtsps', 'rtsp-listen', 'v4l2', 'decklink', 'dshow', 'avfoundation', 'x11grab', 'file', 'phantom');
const keys = fc.constantFrom(
  'id',
  'name',
  'imageArea',
  'polarity',
  'pixelSpacingMm',
  'size',
  'rate',
  'format',
  'transport',
  'repeat',
  'seed',
  'hwaccel',
);
const built = fc
  .tuple(schemes, fc.constantFrom(':', '://', ':///', ''), anyText, fc.array(fc.tuple(keys, anyText), { maxLength: 3 }))
  .map(([scheme, colon, rest, options]) => `${scheme}${colon}${rest}#${options.map(([key, value]) => `${key}=${value}`).join('&')}`);
const uris = fc.oneof({ weight: 5, arbitrary: mutatedText(valid) }, { weight: 3, arbitrary: built }, { weight: 1, arbitrary: anyText });

/** Numbers a device or a screen can do something with, and texts that a command can take as arguments. */
function mustBeUsable(spec: SourceSpec): void {
  const numbers = JSON.stringify(spec, (_, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? 'no number' : value));
  expect(numbers).not.toContain('"no number"');
  const capabilities = { autoscale: true, fpsMode: true, plainShowinfo: true, rtspTimeout: 'timeout', resolvesNames: true, devices: [] };
  const { input, inputOptions, outputOptions } = ffmpegArgs(spec, capabilities as never, { feedUrl: 'tcp://127.0.0.1:1' });
  for (const argument of [input, ...inputOptions, ...outputOptions]) expect(argument).not.toContain('\0');
  mustBeOneLine(spec.displayUri.slice(0, 900));
  mustBeOneLine((spec.name ?? '').slice(0, 900));
}

holds(
  'a source is parsed, or refused in one line',
  uris,
  (uri) => {
    let spec: SourceSpec | undefined;
    const refusal = refusalOf(() => (spec = parseSource(uri)), SourceUriError);
    if (refusal) mustBeOneLine(refusal.message);
    if (spec) mustBeUsable(spec);
  },
  { kept: keptTexts('source-uri') },
);

const secret = fc.stringMatching(/^[A-Za-z0-9!$^*+;,.~-]{6,16}$/).map((text) => `S3cr${text}`);

holds('nothing that is shown of a source has its password', fc.tuple(secret, anyText, anyText), ([password, before, after]) => {
  const uri = `rtsp://doctor:${password}@host/${before}`;
  const refusal = refusalOf(() => expect(parseSource(uri).displayUri).not.toContain(password), SourceUriError);
  expect(refusal?.message ?? '').not.toContain(password);
  expect(redactUri(`${before.replace(/[\n\r\u2028\u2029]/g, ' ')} rtsp://doctor:${password}@host/ ${after}`)).not.toContain(password);
});
