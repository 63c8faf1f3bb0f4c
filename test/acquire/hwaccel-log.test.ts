import { hwaccelLog } from '../../src/acquire/ffmpeg/hardware-decoding';

const refusal = (lines: readonly string[]): string | null => {
  const log = hwaccelLog();
  lines.forEach(log.read);
  return log.refusal();
};

it.each([
  {
    of: 'FFmpeg 5 without a driver',
    said: 'No device available for decoder: device type cuda needed for codec h264 (Cannot load libcuda.so.1)',
    lines: [
      '[AVHWDeviceContext @ 0x55fc1340fb00] [error] Cannot load libcuda.so.1',
      '[AVHWDeviceContext @ 0x55fc1340fb00] [error] Could not dynamically load CUDA',
      '[error] Device creation failed: -1.',
      '[h264 @ 0x55fc133f6e00] [error] No device available for decoder: device type cuda needed for codec h264.',
      '[error] Device setup failed for decoder on input stream #0:0 : Operation not permitted',
    ],
  },
  {
    of: 'FFmpeg 4 without a device',
    said: 'No device available for decoder: device type vaapi needed for codec h264 (No VA display found for device)',
    lines: [
      '[AVHWDeviceContext @ 0x2ea53c80] [error] No VA display found for device: .',
      '[error] Device creation failed: -22.',
      '[h264 @ 0x2ea56e40] [error] No device available for decoder: device type vaapi needed for codec h264.',
    ],
  },
  {
    of: 'one built without it',
    said: 'Unrecognized hwaccel: vulkan',
    lines: ['[fatal] Unrecognized hwaccel: vulkan.', '[fatal] Supported hwaccels: vdpau vaapi '],
  },
  {
    of: 'one that found none',
    said: 'Auto hwaccel disabled: no device found (Cannot load libcuda.so.1)',
    lines: [
      '[AVHWDeviceContext @ 0x5633e751eb00] [error] Cannot load libcuda.so.1',
      '[h264 @ 0x5633e7505e00] [info] Auto hwaccel disabled: no device found.',
    ],
  },
  {
    of: 'one whose device cannot decode this stream',
    said: 'Failed setup for format cuda: hwaccel initialisation returned error',
    lines: ['[h264 @ 0x1] [error] Failed setup for format cuda: hwaccel initialisation returned error.'],
  },
  {
    of: 'one that found a device at the second try',
    said: null,
    lines: ['[AVHWDeviceContext @ 0x1] [error] Cannot load libcuda.so.1', '[error] Device creation failed: -1.'],
  },
  {
    of: 'one that reads out a title',
    said: null,
    lines: ['[info]     title           : Auto hwaccel disabled: no device found.', '[info]   Stream #0:0: Video: h264'],
  },
])('understands $of', ({ said, lines }) => {
  expect(refusal(lines)).toBe(said);
});

it('is one short line, whatever the log contains', () => {
  expect(refusal([`[error] Unrecognized hwaccel: \u0007${'x'.repeat(5000)}`])).toMatch(/^Unrecognized hwaccel: \\u0007x{80,100}$/);
});
