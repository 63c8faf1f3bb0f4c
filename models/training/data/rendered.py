"""Phantom patients from dist/phantom/data/write-stacks.node.js: SEED.json, SEED.frames.z and SEED.labels.z."""

import json
import zlib

import numpy as np

from data.analysis_grid import SIZE
from data.bad_input import BadInput

LESION_BITS, LIVER_BIT = 15, 16


def rendered_patients(folder):
    """The SEED.json files of a folder; empty for any other kind of folder."""
    return sorted(path for path in folder.glob("*.json") if path.with_suffix(".frames.z").exists())


def read_rendered(path):
    """Frames uint8 [n,256,256], lesions uint8 [n,256,256] (0 outside, m + 1 on the m-th tumour), liver [n,256,256] of
    0 and 1; and per tumour the diameter, float32 [m] in pixels of a 1021 x 788 picture, and poor, int8 [m]. Raises
    BadInput.
    """
    try:
        known = json.loads(path.read_text())
        shape = (known["acquisitions"], SIZE, SIZE)
        diameters = np.array([tumour["diameter"] for tumour in known["tumours"]], np.float32)
        poor = np.array([tumour["poor"] for tumour in known["tumours"]], np.int8)
        frames, labels = (
            np.frombuffer(zlib.decompress(path.with_suffix(f".{kind}.z").read_bytes()), np.uint8).reshape(shape)
            for kind in ("frames", "labels")
        )
    except (OSError, ValueError, KeyError, TypeError, zlib.error) as error:
        raise BadInput(path, f"not as write-stacks.node.js writes it: {error!r}") from None
    if not (labels & LIVER_BIT).any():
        raise BadInput(path, "shows no liver; render it again with this version's write-stacks.node.js")
    return frames, labels & LESION_BITS, (labels & LIVER_BIT) >> 4, {"diameters": diameters, "poor": poor}
