"""The same work in Roboflow's InferencePipeline with logic of our own: no model of theirs, no key (npm run bench:pixels).

usage: roboflow_pipeline.py URL MODEL X,Y,WIDTH,HEIGHT     prints "frames CAPTURED LOOKED-AT" twice a second, "new MILLISECONDS" and "mask" as they come
"""

import os
import sys
import time

os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", "rtsp_transport;tcp")
os.environ.setdefault("TELEMETRY_OPT_OUT", "True")

from analysis import Analysis  # noqa: E402
from inference import InferencePipeline  # noqa: E402
from inference.core.interfaces.camera.entities import VideoFrame  # noqa: E402

url, model, area = sys.argv[1:]
analysis = Analysis(model, area)
told = 0.0


def on_video_frame(frames: list[VideoFrame]) -> list[None]:
    global told
    for frame in frames:
        analysis.look(frame.image, frame.frame_timestamp.timestamp())
        if time.monotonic() - told >= 0.5:
            told = time.monotonic()
            # The pipeline counts what it grabbed, and drops what it has no time for.
            print(f"frames {frame.frame_id} {analysis.looked}", flush=True)
    return [None for _ in frames]


pipeline = InferencePipeline.init_with_custom_logic(video_reference=[url], on_video_frame=on_video_frame, on_prediction=lambda *_: None)
pipeline.start(use_main_thread=True)
