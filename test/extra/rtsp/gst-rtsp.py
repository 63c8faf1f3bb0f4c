"""An RTSP server for one MP4: GStreamer's, which hands H.264 through as it stands, over TCP and UDP. Every client sees the file from its start.

usage: gst-rtsp.py PORT FILE once|always     (once: the file is gone when it was seen to its end)
"""

import sys
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402


def linger(_: Gst.Pad, info: Gst.PadProbeInfo) -> Gst.PadProbeReturn:
    """Keeps the end back a while. Over UDP its goodbye (RTCP) has a port of its own, and ffmpeg, which reads that one first, ends at it, with the
    last picture still unread on the other."""
    if info.get_event().type == Gst.EventType.EOS:
        time.sleep(0.5)
    return Gst.PadProbeReturn.OK


def configure(_: GstRtspServer.RTSPMediaFactory, media: GstRtspServer.RTSPMedia) -> None:
    payloader = media.get_element().get_by_name("pay0")
    payloader.get_static_pad("src").add_probe(Gst.PadProbeType.EVENT_DOWNSTREAM, linger)
    if times == "once":
        media.connect("unprepared", lambda _: mounts.remove_factory("/suite"))


port, file, times = sys.argv[1:]
Gst.init(None)
server = GstRtspServer.RTSPServer(address="127.0.0.1", service=port)
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(f'( filesrc location="{file}" ! qtdemux ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )')
mounts = server.get_mount_points()
mounts.add_factory("/suite", factory)
factory.connect("media-configure", configure)
if server.attach(None) == 0:
    sys.exit(f"port {port} is taken")
print("listening", flush=True)
GLib.MainLoop().run()
