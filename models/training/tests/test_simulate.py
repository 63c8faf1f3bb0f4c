import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from data.patients import read
from evaluation.measures import best_grey_dice
from simulate import prepared
from worlds import WORLDS

SCRIPT = Path(__file__).parent.parent / "simulate.py"


def simulate(*arguments):
    return subprocess.run([sys.executable, str(SCRIPT), *map(str, arguments)], capture_output=True, text=True)


@pytest.mark.parametrize("world", WORLDS)
def test_a_world_gives_patients_that_train_py_reads(world, tmp_path):
    done = simulate(world, tmp_path, "--cases", 2, "--seed", 5)
    assert done.returncode == 0, done.stderr
    paths = sorted(tmp_path.iterdir())
    assert [path.name for path in paths] == [f"{world}-5.npz", f"{world}-6.npz"]
    for path in paths:
        patient = read(path)
        assert len(patient["diameters"]) == len(patient["poor"]) >= patient["lesions"].max()
        assert patient["frames"][9].std() > 1
        assert 0 <= best_grey_dice(patient["frames"][9], patient["tumour"][0] > 0, patient["liver"][0] > 0) <= 1
        assert ((patient["lesions"] > 0) == patient["tumour"][0]).all()


def test_patients_that_are_there_are_kept(tmp_path):
    (tmp_path / f"{WORLDS[0]}-5.npz").write_text("mine")
    assert simulate(WORLDS[0], tmp_path, "--cases", 1, "--seed", 5).returncode == 0
    assert (tmp_path / f"{WORLDS[0]}-5.npz").read_text() == "mine"


def test_an_unknown_world_is_refused(tmp_path):
    done = simulate("mars", tmp_path / "out", "--cases", 1)
    assert done.returncode == 2 and "mars" in done.stderr and not (tmp_path / "out").exists()


def test_the_key_frame_is_the_tenth_of_the_stack():
    run = {
        "frames": np.random.default_rng(1).integers(0, 255, (20, 256, 256)).astype(np.uint8),
        "lesions": np.zeros((20, 256, 256), np.uint8),
        "liver": np.ones((20, 256, 256), np.uint8),
        "diameters": np.zeros(0, np.float32),
        "poor": np.zeros(0, np.int8),
    }
    patient = prepared(run)
    assert (patient["frames"][9] == run["frames"][patient["key"]]).all()


def run_with_discs(*contrasts):
    """Twenty frames of noise with discs that are darker by so many grey values, in the last ten frames."""
    frames = np.random.default_rng(2).normal(150, 4, (20, 256, 256))
    lesions, (y, x) = np.zeros((20, 256, 256), np.uint8), np.mgrid[:256, :256]
    for number, darker in enumerate(contrasts):
        disc = np.hypot(x - 40 - 60 * number, y - 128) < 12
        lesions[:, disc] = number + 1
        frames[10:, disc] -= darker
    count = len(contrasts)
    return {
        "frames": frames.clip(0, 255).astype(np.uint8),
        "lesions": lesions,
        "liver": np.ones((20, 256, 256), np.uint8),
        "diameters": np.arange(10, 10 + count, dtype=np.float32),
        "poor": np.arange(count, dtype=np.int8) % 2,
    }


def test_only_tumours_that_can_be_seen_are_labelled_brighter_ones_too():
    run = run_with_discs(30, 0, -12, 4)
    patient = prepared(run)
    assert patient["diameters"].tolist() == [10, 12, 13] and patient["poor"].tolist() == [0, 0, 1]
    assert [int(patient["lesions"][128, x]) for x in (40, 100, 160, 220)] == [1, 0, 2, 3]
    assert not patient["tumour"][:, 128, 100].any()
    assert (run["lesions"][:, 128, 100] == 2).all(), "the run is the caller's"


def test_a_run_whose_tumours_cannot_be_seen_is_one_without():
    patient = prepared(run_with_discs(0, 0))
    assert len(patient["diameters"]) == 0 and not patient["tumour"].any() and not patient["lesions"].any()
