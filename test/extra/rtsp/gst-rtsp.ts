import path from 'node:path';
import { freePort } from '../../e2e/serve';
import type { Need } from '../needs';
import { type ServerProcess, startServerProcess } from '../server-process';

// Debian's own Python, because Debian's bindings belong to it.
const python = '/usr/bin/python3';

export const gstRtspNeeds: Need = {
  check: `${python} -c "${[
    'import gi',
    "gi.require_version('Gst', '1.0')",
    "gi.require_version('GstRtspServer', '1.0')",
    'from gi.repository import Gst, GstRtspServer',
    'Gst.init(None)',
    "assert all(map(Gst.ElementFactory.find, ('qtdemux', 'h264parse', 'rtph264pay', 'rtpbin')))",
  ].join('; ')}"`,
  install: 'python3 python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad',
};

/** GStreamer's RTSP server: each client sees one MP4 from its start, over TCP or UDP; `once`: only the first client. */
export async function startGstRtsp(file: string, times: 'once' | 'always' = 'always'): Promise<ServerProcess> {
  const port = String(await freePort());
  return startServerProcess({
    url: `rtsp://127.0.0.1:${port}/suite`,
    command: python,
    args: [path.join(__dirname, 'gst-rtsp.py'), port, file, times],
    listening: 'listening',
  });
}
