import { ffmpegArgs } from '../../src/acquire/ffmpeg/arguments';
import { type FfmpegCapabilities, isOld, toCapabilities } from '../../src/acquire/ffmpeg/capabilities';
import { parseSource } from '../../src/acquire/source-uri';

const of2018: FfmpegCapabilities = {
  version: '4.1',
  autoscale: false,
  fpsMode: false,
  plainShowinfo: true,
  changedOnly: false,
  rtspTimeout: 'stimeout',
  tlsVerify: false,
  resolvesNames: false,
  devices: [],
};
const ofToday: FfmpegCapabilities = {
  ...of2018,
  version: '7.1',
  autoscale: true,
  fpsMode: true,
  rtspTimeout: 'timeout',
  tlsVerify: true,
  resolvesNames: true,
};

const line = (uri: string, can = ofToday) => {
  const { inputOptions, input, outputOptions } = ffmpegArgs(parseSource(uri), can, { feedUrl: 'tcp://127.0.0.1:9', threads: 7 });
  return [...inputOptions, '-i', input, ...outputOptions].join(' ');
};

it("uses the options of that ffmpeg's year", () => {
  expect(line('rtsp://a/b')).toContain('-rtsp_transport tcp -timeout 10000000 -i rtsp://a/b');
  expect(line('rtsp://a/b', of2018)).toContain('-rtsp_transport tcp -stimeout 10000000 -i rtsp://a/b');
  expect(line('rtsp://a/b')).toMatch(/-fps_mode passthrough .*-noautoscale/);
  expect(line('rtsp://a/b', of2018)).toMatch(/-reinit_filter 0 .*-i .*-vsync passthrough/);
  expect(line('rtsp://a/b', { ...of2018, plainShowinfo: false })).not.toContain('checksum');
});

it.each([
  ['rtsp://u:p@h/x?a=1#transport=udp', '-rtsp_transport udp -timeout 10000000 -buffer_size 4194304', '-i rtsp://u:p@h/x?a=1 '],
  ['rtsp-listen://0.0.0.0:8554/x', '-rtsp_flags listen', '-i rtsp://0.0.0.0:8554/x '],
  [
    'v4l2:/dev/video0#size=1920x1080&rate=60&format=nv12',
    '-f v4l2 -input_format nv12 -framerate 60 -video_size 1920x1080',
    '-i /dev/video0 ',
  ],
  ['decklink:Card (1)#format=Hp60', '-f decklink -format_code Hp60', '-i Card (1) '],
  ['dshow:USB Video#format=yuyv422', '-f dshow -rtbufsize 64M -pixel_format yuyv422', '-i video=USB Video '],
  ['avfoundation:0#rate=30', '-f avfoundation -framerate 30', '-i 0:none '],
  ['x11grab::99.0#size=1280x800', '-f x11grab -draw_mouse 0 -video_size 1280x800', '-i :99.0 '],
  ['file:a.mp4', '-protocol_whitelist file -format_whitelist mov,matroska,avi,', '-i file:a.mp4 '],
  ['phantom:', '-protocol_whitelist tcp -f mpegts', '-i tcp://127.0.0.1:9?listen=1 '],
])('opens %s', (uri, options, input) => {
  expect(line(uri)).toContain(options);
  expect(line(uri)).toContain(input);
  expect(line(uri)).toMatch(
    /^-hide_banner .* -map 0:v:0 .* -c:v rawvideo -threads 1 -f fifo -fifo_format rawvideo -queue_size 3 -format_opts flush_packets=1:avioflags=direct pipe:1$/,
  );
});

it('lets an RTSP server sign its own certificate', () => {
  expect(line('rtsps://a/b')).toContain(' -tls_verify 0 ');
  expect(line('rtsp://a/b')).not.toContain('tls');
  expect(line('rtsps://a/b', of2018)).not.toContain('-tls_verify');
});

it('deinterlaces only on request, and then only what is marked', () => {
  expect(line('rtsp://a/b')).toContain('-vf showinfo=');
  const { outputOptions } = ffmpegArgs(parseSource('rtsp://a/b'), ofToday, { deinterlace: true });
  expect(outputOptions.join(' ')).toContain('-vf bwdif=mode=send_frame:parity=auto:deint=interlaced,showinfo=');
});

it('lets several threads decode what is read as fast as can be, and nothing else', () => {
  expect(line('a.mp4#rate=max')).toContain('-filter_threads 1 -threads 7 -thread_type slice ');
  expect(line('a.mp4')).not.toMatch(/ -threads .* -i /);
  expect(line('rtsp://a/b')).not.toMatch(/ -threads .* -i /);
});

it.each([
  ['rtsp://a/b', 'tcp'],
  ['rtsp://a/b#transport=udp', 'tcp,udp,rtp'],
  ['rtsps://a/b', 'tcp,tls'],
  ['RTSPS://a/b#transport=udp', 'tcp,tls,udp,rtp,srtp'],
  ['rtsp-listen://0.0.0.0:8554/x', 'tcp,udp,rtp'],
  ['a.mp4', 'file'],
  ['phantom:', 'tcp'],
])('lets ffmpeg go no other way to %s than %s', (uri, protocols) => {
  expect(line(uri)).toContain(`-protocol_whitelist ${protocols} `);
});

it.each([
  ['rtsp://a/b#hwaccel=cuda', '-hwaccel cuda '],
  ['rtsp-listen://0.0.0.0:8554/x#hwaccel=vaapi', '-hwaccel vaapi '],
  ['v4l2:/dev/video0#format=mjpeg&hwaccel=auto', '-hwaccel auto '],
  ['dshow:USB Video#hwaccel=d3d11va', '-hwaccel d3d11va '],
  ['a.mp4#hwaccel=videotoolbox', '-hwaccel videotoolbox '],
  ['a.mp4#hwaccel=qsv', '-hwaccel qsv -hwaccel_output_format nv12 '],
])('requests hardware in front of the input of %s', (uri, hardware) => {
  for (const can of [of2018, ofToday]) expect(line(uri, can)).toMatch(new RegExp(` ${hardware}.*-i `));
  expect(line(uri.replace(/hwaccel=\w+/, 'hwaccel=none'))).toBe(line(uri).replace(hardware, ''));
});

it('requests no hardware by default', () => {
  for (const uri of ['rtsp://a/b', 'rtsp-listen://0.0.0.0:8554/x', 'v4l2:/dev/video0', 'a.mp4', 'phantom:'])
    expect(line(uri)).not.toContain('hwaccel');
});

it('calls an ffmpeg of before 2021 old', () => {
  expect([isOld(of2018), isOld(ofToday), isOld({ ...of2018, autoscale: true })]).toEqual([true, false, false]);
});

it('decodes one picture at a time, so that each decoder error belongs to a picture', () => {
  expect(line('a.mp4')).toContain('-thread_type slice');
  expect(line('rtsp://a/b')).toContain('-flags low_delay');
  expect(line('rtsp://a/b')).not.toContain('-thread_type');
});

it('reads a recording as fast as possible on request', () => {
  expect(line('file:a.mp4#rate=max')).not.toContain('-re ');
});

it('keeps what stands after # to itself', () => {
  expect(line('rtsp://a/b#name=secret-room&imageArea=1,2,30,40')).not.toMatch(/secret|#|1,2,30/);
});

it('reads the capabilities out of the help texts', () => {
  const help = {
    version: 'ffmpeg version 5.1.9-0+deb12u1 Copyright (c)',
    options: '-autoscale          insert a scale filter\n-fps_mode           set framerate mode\n',
    showinfo: 'showinfo AVOptions:\n   checksum          <boolean>    ..FV....... calculate checksums\n',
    scdet: 'Filter scdet\n  Detect video scene change\n',
    rtsp: '  -timeout           <int64>      .D......... set timeout\n',
    devices:
      'Devices:\n D. = Demuxing supported\n .E = Muxing supported\n --\n D  lavfi           Libavfilter\n  E sdl,sdl2        SDL2\n DE video4linux2,v4l2 V4L2\n',
  };
  expect(toCapabilities(help, true)).toEqual({
    version: '5.1.9-0+deb12u1',
    autoscale: true,
    fpsMode: true,
    plainShowinfo: true,
    changedOnly: true,
    rtspTimeout: 'timeout',
    tlsVerify: false,
    resolvesNames: true,
    devices: ['lavfi', 'video4linux2', 'v4l2'],
  });
});
