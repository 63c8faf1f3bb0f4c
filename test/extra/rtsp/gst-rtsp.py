"""An RTSP server for one MP4: GStreamer's, which hands H.264 through as it stands, over TCP and UDP. Every client sees the file from its start.

usage: gst-rtsp.py PORT FILE once|always     (once: the file is gone when it was seen to its end)
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

port, file, times = sys.argv[1:]
Gst.init(None)
server = GstRtspServer.RTSPServer(address="127.0.0.1", service=port)
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(f'( filesrc location="{file}" ! qtdemux ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )')
mounts = server.get_mount_points()
mounts.add_factory("/suite", factory)
if times == "once":
    factory.connect("media-configure", lambda _, media: media.connect("unprepared", lambda _: mounts.remove_factory("/suite")))
if server.attach(None) == 0:
    sys.exit(f"port {port} is taken")
print("listening", flush=True)
GLib.MainLoop().run()
