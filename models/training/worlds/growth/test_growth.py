"""Tests of the world in which vessels grow: shapes, truth, contrast, and the same bytes for the same seed."""

import numpy as np
import pytest

from . import patient

TUMOURLESS = 15  # a seed

@pytest.fixture(scope="module")
def patients():
    return [patient(seed) for seed in (*range(8), TUMOURLESS)]


def test_gives_the_same_bytes_for_the_same_seed(patients):
    for key, value in patient(3).items():
        assert value.tobytes() == patients[3][key].tobytes()
    assert patients[3]["frames"].shape != patients[4]["frames"].shape or (patients[3]["frames"] != patients[4]["frames"]).any()


def test_gives_arrays_of_the_agreed_shapes_and_types(patients):
    for one in patients:
        n, m = len(one["frames"]), len(one["diameters"])
        assert 20 <= n <= 30 and m <= 10
        for key in ("frames", "lesions", "liver"):
            assert one[key].shape == (n, 256, 256) and one[key].dtype == np.uint8
        assert one["diameters"].shape == one["poor"].shape == (m,)
        assert one["diameters"].dtype == np.float32 and one["poor"].dtype == np.int8
        assert set(np.unique(one["poor"])) <= {0, 1} and set(np.unique(one["liver"])) <= {0, 1}
        assert one["lesions"].max() <= m
        assert ((one["diameters"] >= 6.5) & (one["diameters"] <= 217)).all()


def test_keeps_tumours_in_the_liver_and_in_the_picture(patients):
    for one in patients:
        assert (one["liver"][one["lesions"] > 0] == 1).all()
        assert set(range(1, len(one["diameters"]) + 1)) <= set(np.unique(one["lesions"]))


def test_outlines_have_the_area_of_the_diameter(patients):
    ratios = []
    for one in patients:
        for m, diameter in enumerate(one["diameters"]):
            area = (one["lesions"][0] == m + 1).sum() * (1021 / 256) * (788 / 256)
            ratios.append(np.sqrt(4 * area / np.pi) / diameter)
    assert 0.85 < np.median(ratios) < 1.1


def test_darkens_the_arteries(patients):
    for one in patients:
        frames = one["frames"].astype(float)
        inside = one["liver"].min(0) > 0
        darkest = (frames[0][None] - frames[2:])[:, inside]
        assert np.percentile(darkest, 99.9) > 12


def test_leaves_some_patients_without_a_tumour(patients):
    assert [len(one["diameters"]) == 0 for one in patients] == [False] * 8 + [True]


def test_repeats_no_frame(patients):
    for one in patients:
        assert (np.abs(np.diff(one["frames"].astype(int), axis=0)).sum((1, 2)) > 0).all()
