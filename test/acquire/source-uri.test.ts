import fc from 'fast-check';
import { parseSource } from '../../src/acquire/source-uri';
import { redactUri } from '../../src/core/log-text';

const common = {
  ...{ id: null, name: null, imageArea: 'auto', polarity: 'dark-vessels', pixelSpacingMm: null, captureLatencyMs: 0 },
  ...{ timestamps: 'trust', redact: [], track: null, plane: null, deinterlace: 'auto' },
};
const asItIs = { size: null, rate: null, format: null };

it.each([
  ['rtsp://10.0.0.2/live', { kind: 'rtsp', url: 'rtsp://10.0.0.2/live', transport: 'tcp', hwaccel: 'none' }],
  [
    'rtsp://cam:8554/a?channel=1#transport=udp&hwaccel=cuda',
    { kind: 'rtsp', url: 'rtsp://cam:8554/a?channel=1', transport: 'udp', hwaccel: 'cuda' },
  ],
  ['rtsps://[::1]:322/a', { kind: 'rtsp', url: 'rtsps://[::1]:322/a', transport: 'tcp', hwaccel: 'none' }],
  ['rtsp-listen://0.0.0.0:8554/path', { kind: 'rtsp-listen', url: 'rtsp://0.0.0.0:8554/path', hwaccel: 'none' }],
  [
    'v4l2:/dev/video0#size=1920x1080&rate=59.94&format=yuyv422',
    { kind: 'v4l2', device: '/dev/video0', size: { width: 1920, height: 1080 }, rate: 59.94, format: 'yuyv422', hwaccel: 'none' },
  ],
  ['decklink:UltraStudio 4K %231', { kind: 'decklink', device: 'UltraStudio 4K #1', ...asItIs }],
  ['dshow:USB Video', { kind: 'dshow', device: 'USB Video', ...asItIs, hwaccel: 'none' }],
  ['avfoundation:0', { kind: 'avfoundation', device: '0', ...asItIs }],
  ['x11grab::99.0#size=1280x800', { kind: 'x11grab', display: ':99.0', ...asItIs, size: { width: 1280, height: 800 } }],
  ['file:/a b/run%231.mp4#rate=max&repeat=1', { kind: 'file', path: '/a b/run#1.mp4', rate: 'max', repeat: true, hwaccel: 'none' }],
  ['file:///srv/run.mp4', { kind: 'file', path: '/srv/run.mp4', rate: 'source', repeat: false, hwaccel: 'none' }],
  ['file:///srv/My%20Run.mp4', { kind: 'file', path: '/srv/My Run.mp4', rate: 'source', repeat: false, hwaccel: 'none' }],
  [
    'file://localhost/srv/r%C3%A9sum%C3%A9%2523.mp4',
    { kind: 'file', path: '/srv/résumé%23.mp4', rate: 'source', repeat: false, hwaccel: 'none' },
  ],
  ['file:///srv/100%.mp4', { kind: 'file', path: '/srv/100%.mp4', rate: 'source', repeat: false, hwaccel: 'none' }],
  ['file:/srv/My%20Run.mp4', { kind: 'file', path: '/srv/My%20Run.mp4', rate: 'source', repeat: false, hwaccel: 'none' }],
  ['run.mp4', { kind: 'file', path: 'run.mp4', rate: 'source', repeat: false, hwaccel: 'none' }],
  ['C:\\runs\\run.mp4', { kind: 'file', path: 'C:\\runs\\run.mp4', rate: 'source', repeat: false, hwaccel: 'none' }],
  ['phantom:', { kind: 'phantom', seed: 1, rate: 4 }],
  ['phantom:#seed=7&rate=7.5', { kind: 'phantom', seed: 7, rate: 7.5 }],
])('understands %s', (uri, spec) => {
  expect(parseSource(uri)).toEqual({ ...common, ...spec, displayUri: uri.replace(/#.*/, '') });
});

it('reads the options of every source', () => {
  const options =
    'id=suite-1&name=Suite%201%20%26%202&imageArea=6,6,788,788&polarity=bright-vessels&pixelSpacingMm=0.3&captureLatencyMs=87.5' +
    '&redact=0,0,9,8;5,6,7,8';
  expect(parseSource(`rtsp://a/b#${options}`)).toMatchObject({
    id: 'suite-1',
    name: 'Suite 1 & 2',
    imageArea: { x: 6, y: 6, width: 788, height: 788 },
    polarity: 'bright-vessels',
    pixelSpacingMm: 0.3,
    captureLatencyMs: 87.5,
    redact: [
      { x: 0, y: 0, width: 9, height: 8 },
      { x: 5, y: 6, width: 7, height: 8 },
    ],
  });
});

it.each([
  ['v4l2:/dev/video0#size=big', 'source option size: expected WIDTHxHEIGHT, got "big"'],
  ['file:a.mp4#rate=fast', 'source option rate: expected source or max, got "fast"'],
  ['file:a.mp4#speed=2', /^source option speed: expected one of rate, repeat, hwaccel, id, .*, got "speed"$/],
  [
    'rtsp://a/b#hwaccel=nvdec',
    'source option hwaccel: expected auto or none or cuda or vaapi or qsv or videotoolbox or d3d11va, got "nvdec"',
  ],
  ['x11grab::0.0#hwaccel=cuda', /^source option hwaccel: expected one of size, rate, format, id, .*, got "hwaccel"$/],
  ['phantom:#hwaccel=auto', /^source option hwaccel: expected one of seed, rate, id, .*, got "hwaccel"$/],
  ['file:a.mp4#repeat=1&repeat=1', 'source option repeat: expected it once, got it twice'],
  ['rtsp://a/b#polarity=white', 'source option polarity: expected dark-vessels or bright-vessels, got "white"'],
  ['rtsp://a/b#imageArea=1,2,3', 'source option imageArea: expected x,y,width,height or auto, got "1,2,3"'],
  ['rtsp://a/b#redact=auto', 'source option redact: expected x,y,width,height;x,y,width,height;… (32 at most), got "auto"'],
  ['rtsp://a/b#redact=1,2,3,4;', 'source option redact: expected x,y,width,height;x,y,width,height;… (32 at most), got "1,2,3,4;"'],
  ['rtsp://a/b#pixelSpacingMm=0', 'source option pixelSpacingMm: expected a number above 0, got "0"'],
  ['rtsp://a/b#captureLatencyMs=2001', 'source option captureLatencyMs: expected a number from 0 to 2000, got "2001"'],
  ['rtsp://a/b#captureLatencyMs=-5', 'source option captureLatencyMs: expected a number from 0 to 2000, got "-5"'],
  ['rtsp://a/b#toString=1', /^source option toString: expected one of/],
  ['rtsp:/nothing', /^source: expected host, :port and \/path behind rtsp: and two slashes/],
  ['rtsp://user:pass word@host/x', /^source: expected host, .* got something else$/],
  ['rtsp://a/b#rest', /^source option: expected one of transport, .*, got another$/],
  ['v4l2:', 'source: expected v4l2: followed by a name, got nothing'],
  ['file:///srv/a%00b.mp4', 'source: expected no control characters, got some, percent-encoded'],
  ['', 'source: expected file: followed by a name, got nothing'],
  ['dicom:a.dcm', /^source: expected .* got dicom: \(not supported yet\)$/],
  ['http://host/x', /^source: expected one of rtsp, .* got "http:"$/],
  ['phantom:x', /^source: expected phantom: followed by nothing/],
  ['v4l2:/dev/vid\0eo0', 'source: expected no control characters, got some'],
  ['http://two\nlines', 'source: expected no control characters, got some'],
  [`v4l2:/dev/video0#rate=${'9'.repeat(400)}`, /^source option rate: expected a number above 0, got "9+"$/],
  ['phantom:#name=two%0Alines', 'source option name: expected one line of at most 100 characters, got "two%0Alines"'],
])('refuses %s in one line', (uri, message) => {
  expect(() => parseSource(uri)).toThrow(message);
});

it('never shows a user name or password', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9!$^*+;,.~-]{6,16}$/).map((text) => `S3cr${text}`);
  fc.assert(
    fc.property(secret, secret, fc.constantFrom('rtsp', 'rtsps'), (user, password, scheme) => {
      const uri = `${scheme}://${user}:${password}@host:554/live?channel=1&password=${password}&user=${user}`;
      const shown = [parseSource(`${uri}#name=x`).displayUri, redactUri(`[rtsp @ 0x1] method failed for '${uri}': 401`)];
      return shown.every((text) => !text.includes(user) && !text.includes(password) && text.includes('host:554/live'));
    }),
  );
});

it.each([
  ['rtsp://admin:topSECRET#SECRETTAIL@host/x'],
  ['rtsp://admin:topSECRET#SECRETTAIL@host:554/x#name=Room'],
  ['rtsp://admin:1234#SECRETTAIL@host/x'],
  ['rtsp://admin:1234#name=SECRETTAIL@host/x'],
  ['rtsp://admin@corp:SECRET#name=SECRETTAIL@host/x'],
  ['rtsp-listen://admin:SECRET#SECRETTAIL@0.0.0.0:8554/x'],
  ['rtps://admin:SECRET@host/x'],
  ['rtps://admin:topSECRET#SECRETTAIL@host/x'],
  ['rtsp://admin:SECRET/SECRETTAIL@host/x'],
  ['rtsp://admin:SECRET?SECRETTAIL@host/x'],
  ['rtsp://admin:SECRET SECRETTAIL@host/x'],
  ['rtsp://admin:SEC\nRETSECRETTAIL@host/x'],
  ['rtsp://admin:topSECRET#SECRETTAIL'],
])('refuses %j without showing what may be a password, with advice', (uri) => {
  let message = '';
  try {
    parseSource(uri);
  } catch (error) {
    ({ message } = error as Error);
  }
  expect(message).toMatch(/%23|expected one of|control characters/);
  expect(message).not.toMatch(/SEC|RET|TAIL/);
  // Redacting the finished message would remove the explanation, too.
  expect(redactUri(message)).toBe(message);
});

it('lets names have an @, written %40 where the source is an address', () => {
  expect(parseSource('rtsp://u:p@host/x#name=me%40home').name).toBe('me@home');
  expect(parseSource('v4l2:/dev/video0#name=me@home').name).toBe('me@home');
});

it('strikes out every secret of a query, and only those', () => {
  expect(redactUri('rtsp://h/x?channel=1&user=a&passwd=b;c&token="x" and ?p=1&n=2;auth_key=3\nrtsp://u:p@h and a@b')).toBe(
    'rtsp://h/x?channel=1&user=***&passwd=***&token=***"x" and ?p=***&n=2;auth_key=***\nrtsp://***@b',
  );
  expect(redactUri('mail a@b, no password=x here')).toBe('mail a@b, no password=x here');
});

it('takes no longer for a text that is made to be slow to read', () => {
  const { user } = process.cpuUsage();
  for (const unit of ['a', ';pass', '?key', '://', 'rtsp://a@', '1']) {
    redactUri(unit.repeat(100_000));
    expect(() => parseSource(`v4l2:a#rate=${unit.repeat(100_000)}x`)).toThrow(/^source option.{100,900}…$/);
  }
  expect(process.cpuUsage().user - user).toBeLessThan(3_000_000);
});
