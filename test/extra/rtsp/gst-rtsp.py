"""An RTSP server for one MP4: GStreamer's, which hands H.264 through as it stands, over TCP and UDP. Every client sees the file from its start.

usage: gst-rtsp.py PORT FILE
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

port, file = sys.argv[1:]
Gst.init(None)
server = GstRtspServer.RTSPServer(address="127.0.0.1", service=port)
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(f'( filesrc location="{file}" ! qtdemux ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )')
server.get_mount_points().add_factory("/suite", factory)
if server.attach(None) == 0:
    sys.exit(f"port {port} is taken")
print("listening", flush=True)
GLib.MainLoop().run()
