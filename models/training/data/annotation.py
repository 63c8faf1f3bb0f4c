"""One annotated acquisition of a Labelme file: the liver and the tumours."""

import base64
import io
import json
import math
import re
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath

import numpy as np
from PIL import Image

from data.analysis_grid import SIZE, enclosed, filled
from data.bad_input import BadInput, noted

LABELS = {"tumour": "tumour", "tumor": "tumour", "HCC": "tumour", "liver": "liver"}
RICH, POOR, UNKNOWN = 0, 1, -1
MOST_TUMOURS = 255
# Points may lie this many pixels outside the picture; they are clamped to its edge.
SLIP = 1


@dataclass
class Annotation:
    """Outlines are [n,2], x and y in pixels of a picture of `size` (width, height). `blood` has RICH, POOR or UNKNOWN
    for each tumour.
    """

    path: Path
    acquisition: int
    size: tuple[int, int]
    livers: list = field(default_factory=list)
    tumours: list = field(default_factory=list)
    blood: list = field(default_factory=list)

    def masks(self):
        """Tumour and liver, uint8 [256,256] of 0 and 1 each."""
        return tuple((numbered(outlines, self.size) > 0).astype(np.uint8) for outlines in (self.tumours, self.livers))

    def lesions(self):
        """uint8 [256,256]: 0 outside, n + 1 on the n-th tumour; where tumours overlap, the later one."""
        return numbered(self.tumours, self.size)

    def diameters(self):
        """Diameter of the circle with each tumour's area, float32 [n] in pixels of the picture."""
        return np.array([2 * math.sqrt(enclosed(outline) / math.pi) for outline in self.tumours], np.float32)


def numbered(outlines, size):
    cells = np.zeros((SIZE, SIZE), np.uint8)
    for number, outline in enumerate(outlines, 1):
        cells[filled(outline, *size)] = number
    return cells


def read_annotation(path, problems, allow_empty=False):
    """The annotation in a Labelme file, or None after its problems were added to `problems`, one line each.

    The last number in the file's name is the acquisition, counted from 0. `allow_empty` accepts a picture without
    tumours.
    """
    known = len(problems)
    with noted(problems):
        content = read_json(path)
        numbers = re.findall(r"\d+", path.stem)
        if not numbers:
            raise BadInput(path, "expected the number of the acquisition in the file's name (acquisition-14.json)")
        annotation = Annotation(path, int(numbers[-1]), picture_size(path, content))
        for number, shape in enumerate(content["shapes"], 1):
            with noted(problems):
                add_shape(annotation, shape, number)
        if known == len(problems):
            if not annotation.livers:
                raise BadInput(path, "expected the liver's outline (label liver), found none")
            if not annotation.tumours and not allow_empty:
                raise BadInput(path, "expected a tumour, found none (--allow-empty lets patients without tumour pass)")
            if len(annotation.tumours) > MOST_TUMOURS:
                raise BadInput(path, f"expected at most {MOST_TUMOURS} tumours, got {len(annotation.tumours)}")
    return annotation if known == len(problems) else None


def read_json(path):
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(path, f"expected JSON: {error}") from None
    if not isinstance(content, dict) or not isinstance(content.get("shapes"), list):
        raise BadInput(path, "expected an annotation by Labelme (an object with shapes)")
    return content


def picture_size(path, content):
    """Width and height of the annotated picture, embedded in the file or beside it."""
    inside, name = content.get("imageData"), content.get("imagePath")
    if isinstance(inside, str) and inside:
        picture, where = io.BytesIO(base64.b64decode(inside)), "the picture inside (imageData)"
    elif isinstance(name, str) and name:
        # On Windows Labelme writes backslashes.
        picture, where = path.parent / PureWindowsPath(name).as_posix(), f"the picture {name}"
        if not picture.is_file():
            raise BadInput(path, f"expected its picture {name}, found none")
    else:
        raise BadInput(path, "expected a picture inside (imageData) or beside it (imagePath), found none")
    try:
        with Image.open(picture) as opened:
            return opened.size
    except (OSError, ValueError):
        raise BadInput(path, f"{where} cannot be read") from None


def add_shape(annotation, shape, number):
    """Adds a shape; points up to a pixel outside the picture are clamped to it. Raises BadInput."""
    written = shape.get("label") if isinstance(shape, dict) else None

    def refuse(problem):
        return BadInput(annotation.path, f"shape {number} ({written}): {problem}")

    if not isinstance(written, str) or written not in LABELS:
        raise refuse(f"expected a label of {', '.join(LABELS)}")
    outline = to_outline(shape, refuse)
    size = np.array(annotation.size)
    for x, y in outline[((outline < -SLIP) | (outline > size + SLIP)).any(axis=1)]:
        raise refuse(f"reaches ({x:.1f}, {y:.1f}), outside the picture of {size[0]} x {size[1]}")
    outline = np.clip(outline, 0, size)
    if enclosed(outline) == 0:
        raise refuse("encloses no area")
    if LABELS[written] == "liver":
        annotation.livers.append(outline)
        return
    flags = shape.get("flags")
    poor = flags.get("poor") if isinstance(flags, dict) else None
    if not isinstance(poor, bool | None):
        raise refuse(f"expected the flag poor to be true or false, got {poor}")
    annotation.tumours.append(outline)
    annotation.blood.append(UNKNOWN if poor is None else POOR if poor else RICH)


def to_outline(shape, refuse):
    """The outline, [n,2], of a Labelme polygon, rectangle (two opposite corners) or circle (centre, a point on it)."""
    kind = shape.get("shape_type") or "polygon"
    if kind not in ("polygon", "rectangle", "circle"):
        raise refuse(f"expected a polygon, rectangle or circle, got {kind}")
    try:
        points = np.array(shape.get("points"), float)
    except (TypeError, ValueError):
        points = np.array(math.nan)
    if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
        raise refuse("expected points of two numbers each")
    if kind == "polygon":
        if len(points) < 3:
            raise refuse(f"expected a polygon of at least 3 points, got {len(points)}")
        return points
    if len(points) != 2:
        raise refuse(f"expected a {kind} of 2 points, got {len(points)}")
    (x1, y1), (x2, y2) = points
    if kind == "rectangle":
        return np.array([[x1, y1], [x2, y1], [x2, y2], [x1, y2]])
    turn, radius = np.linspace(0, 2 * math.pi, 360, endpoint=False), math.hypot(x2 - x1, y2 - y1)
    return np.column_stack([x1 + radius * np.cos(turn), y1 + radius * np.sin(turn)])
