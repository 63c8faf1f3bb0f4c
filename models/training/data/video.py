"""Videos of acquisitions, decoded as the live program decodes recordings (src/acquire/ffmpeg/arguments.ts)."""

import functools
import os
import re
import shutil
import subprocess

import numpy as np

from data.analysis_grid import to_analysis_image
from data.bad_input import BadInput

# A run has 20 to 30 acquisitions. A recording of a monitor, which repeats each many times, is not accepted.
MOST = 200


class NoFfmpeg(Exception):
    """One line: why there is no working ffmpeg."""


@functools.cache
def find_ffmpeg():
    """The ffmpeg to use, FFMPEG_PATH or else the one on the PATH, and its option for passing frames unchanged. Raises
    NoFfmpeg.
    """
    wanted = os.environ.get("FFMPEG_PATH")
    path = shutil.which(wanted or "ffmpeg")
    if path is None:
        raise NoFfmpeg(
            f'FFMPEG_PATH: expected an ffmpeg, got "{wanted}"' if wanted else "ffmpeg: found none; install it or set FFMPEG_PATH"
        )
    asked = subprocess.run([path, "-hide_banner", "-h", "long"], capture_output=True, text=True, errors="replace")
    if asked.returncode != 0:
        raise NoFfmpeg(f"{path}: does not answer like ffmpeg")
    return path, "-fps_mode" if "-fps_mode" in asked.stdout else "-vsync"


def read_video(path, invert=False):
    """The analysis images of a video, one per frame, uint8 [n,256,256], and the (width, height) of its frames.

    `invert` takes the negative, for recordings with bright vessels. Raises BadInput, NoFfmpeg.
    """
    ffmpeg, frame_mode = find_ffmpeg()
    command = [ffmpeg, "-hide_banner", "-nostdin", "-nostats", "-loglevel", "repeat+level+info", "-protocol_whitelist", "file"]
    command += ["-i", f"file:{path}", "-map", "0:v:0", "-an", "-sn", "-dn", "-frames:v", str(MOST + 1), frame_mode, "passthrough"]
    command += ["-vf", "scale=w=iw:h=ih:eval=frame:out_range=full,format=gray,showinfo", "-c:v", "rawvideo", "-f", "rawvideo", "pipe:1"]
    decoded = subprocess.run(command, capture_output=True)
    log = decoded.stderr.decode(errors="replace")
    failure = re.search(r"\[(?:error|fatal|panic)\] (.*)", log)
    if decoded.returncode != 0 or failure:
        why = failure.group(1).replace(f"file:{path}: ", "") if failure else f"ffmpeg ended with {decoded.returncode}"
        raise BadInput(path, f"cannot be decoded: {why.strip()}")
    sizes = sorted({(int(width), int(height)) for width, height in re.findall(r"Parsed_showinfo.* n: *\d+ .* s:(\d+)x(\d+) ", log)})
    if len(sizes) != 1:
        raise BadInput(path, f"expected frames of one size, got {' and '.join(f'{w} x {h}' for w, h in sizes) or 'none'}")
    ((width, height),) = sizes
    frames = np.frombuffer(decoded.stdout, np.uint8).reshape(-1, height, width)
    if len(frames) > MOST:
        raise BadInput(path, f"expected one frame per acquisition, got more than {MOST}")
    return np.stack([to_analysis_image(255 - frame if invert else frame) for frame in frames]), (width, height)
