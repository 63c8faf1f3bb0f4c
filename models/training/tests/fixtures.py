"""A data set of one patient, as a hospital would deliver it: the fixtures of prepare.py's tests."""

import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

import prepare
from data.video import find_ffmpeg

WIDTH, HEIGHT, LENGTH, KEY = 300, 280, 14, 7
LIVER = {"label": "liver", "points": [[20, 20], [280, 20], [280, 260], [20, 260]]}
TUMOUR = {"label": "tumour", "points": [[100, 100], [200, 100], [200, 150], [100, 150]], "flags": {"poor": True}}


def run_of(length=LENGTH, width=WIDTH, height=HEIGHT):
    """Pictures of noise, uint8 [length,height,width]; acquisition KEY and its neighbours are the stillest."""
    random = np.random.default_rng(5)
    loud = np.array([3 if abs(n - KEY) <= 1 else 30 for n in range(length)])[:, None, None]
    return np.clip(128 + loud * random.standard_normal((length, height, width)), 0, 255).astype(np.uint8)


def encode(path, pictures):
    height, width = pictures.shape[1:]
    taken = ["-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{width}x{height}", "-r", "3", "-i", "pipe:0"]
    command = [find_ffmpeg()[0], "-loglevel", "error", *taken, "-c:v", "ffv1", "-pix_fmt", "gray", str(path)]
    subprocess.run(command, input=pictures.tobytes(), check=True)


def annotate(folder, acquisition, shapes=(LIVER, TUMOUR), picture=None, **more):
    name = f"acquisition-{acquisition:02}"
    if picture is None:
        picture = np.zeros((HEIGHT, WIDTH), np.uint8)
    Image.fromarray(picture).save(folder / f"{name}.png")
    (folder / f"{name}.json").write_text(json.dumps({"shapes": list(shapes), "imagePath": f"{name}.png", "imageData": None, **more}))


@pytest.fixture(scope="session")
def recording(tmp_path_factory):
    path = tmp_path_factory.mktemp("video") / "run.mkv"
    encode(path, run_of())
    return path


@pytest.fixture
def patient(tmp_path, recording):
    """Writes a valid data set of one patient; returns its folder."""
    folder = tmp_path / "set" / "anna"
    folder.mkdir(parents=True)
    (folder / "run.mkv").write_bytes(recording.read_bytes())
    for acquisition in (KEY, KEY + 1, KEY + 2):
        annotate(folder, acquisition)
    return folder


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs prepare.py on the data set: exit code, lines of stderr, and the patients written."""

    def call(*options, source=tmp_path / "set", out=tmp_path / "out"):
        monkeypatch.setattr(sys, "argv", ["prepare.py", str(source), str(out), *options])
        code = 0
        try:
            prepare.main()
        except SystemExit as end:
            code = end.code
        written = {path.stem: dict(np.load(path)) for path in out.glob("*")} if out.exists() else {}
        assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []
        return code, capsys.readouterr().err.splitlines(), written

    return call
