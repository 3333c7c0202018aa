"""Serves one H.264 MP4 over RTSP on 127.0.0.1 at a free port: rtsp_server.py FILE. Prints the address once it listens."""
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service("0")
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(f"( filesrc location={sys.argv[1]} ! qtdemux ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=1 )")
server.get_mount_points().add_factory("/lane", factory)
server.attach(None)
print(f"rtsp://127.0.0.1:{server.get_bound_port()}/lane", flush=True)
GLib.MainLoop().run()
