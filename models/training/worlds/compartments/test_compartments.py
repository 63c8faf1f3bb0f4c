"""The runs that this world makes."""

import numpy as np
import pytest

from . import patient


@pytest.fixture(scope="module")
def patients():
    return [patient(seed) for seed in range(6)]


def test_same_seed_gives_same_bytes(patients):
    again = patient(3)
    assert all(again[name].tobytes() == patients[3][name].tobytes() for name in again)
    assert patient(4)["frames"].tobytes() != again["frames"].tobytes()


def test_shapes_and_types(patients):
    for p in patients:
        n, m = len(p["frames"]), len(p["diameters"])
        assert 20 <= n <= 30 and m <= 10
        for name in ("frames", "lesions", "liver"):
            assert p[name].shape == (n, 256, 256) and p[name].dtype == np.uint8
        assert p["diameters"].dtype == np.float32 and p["poor"].dtype == np.int8 and p["poor"].shape == (m,)
        assert set(np.unique(p["liver"])) <= {0, 1} and set(np.unique(p["poor"])) <= {0, 1}
        assert ((p["diameters"] >= 6.5) & (p["diameters"] <= 217)).all()


def test_tumours_lie_in_the_liver(patients):
    for p in patients:
        assert p["liver"][p["lesions"] > 0].all()
        assert set(np.unique(p["lesions"])) - {0} == set(range(1, len(p["diameters"]) + 1))


def test_outlines_have_their_diameters():
    ratios = []
    for p in map(patient, range(6)):
        for m, diameter in enumerate(p["diameters"]):
            area = (p["lesions"][0] == m + 1).sum() * (1021 / 256) * (788 / 256)
            if diameter > 40:
                ratios.append(np.sqrt(4 * area / np.pi) / diameter)
    assert 0.8 < np.median(ratios) < 1.1


def test_contrast_darkens_arteries(patients):
    for p in patients:
        darkest = p["frames"][:, ::2, ::2].astype(float).min(0)
        first = p["frames"][0, ::2, ::2].astype(float)
        assert np.percentile(first - darkest, 99) > 20


def test_no_picture_repeats(patients):
    for p in patients:
        assert (np.diff(p["frames"].astype(int), axis=0) != 0).any((1, 2)).all()


def test_some_patients_have_no_tumour():
    assert any(len(patient(seed)["diameters"]) == 0 for seed in (EMPTY_SEED,))


EMPTY_SEED = 6
