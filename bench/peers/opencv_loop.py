"""A loop as many write it: OpenCV reads the stream, ONNX Runtime computes (npm run bench:pixels).

usage: opencv_loop.py URL MODEL X,Y,WIDTH,HEIGHT     prints "frames CAPTURED LOOKED-AT" twice a second, "new MILLISECONDS" and "mask" as they come
"""

import os
import sys
import time

os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", "rtsp_transport;tcp")

import cv2  # noqa: E402
from analysis import Analysis  # noqa: E402

url, model, area = sys.argv[1:]
analysis = Analysis(model, area)
capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG)
captured, told, opened = 0, 0.0, 0.0
while True:
    came, picture = capture.read()
    if not came:
        sys.exit("the stream ended")
    captured += 1
    own = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
    opened = opened or time.time() - own
    analysis.look(picture, opened + own)
    if time.monotonic() - told >= 0.5:
        told = time.monotonic()
        print(f"frames {captured} {analysis.looked}", flush=True)
