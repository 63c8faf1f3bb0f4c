from types import SimpleNamespace

import numpy as np
import pytest
import torch
from scipy.special import expit, logit

from evaluation.calibration import confidences, fitted, found_lesions, reliability, shares
from export import scaled


def squares(count, draw):
    """Patients of four squares each that a network is sure of, 0.99; of each square a drawn share is tumour."""
    probabilities, truths = np.full((count, 64, 64), 0.01, np.float32), np.zeros((count, 64, 64), bool)
    for patient in range(count):
        for y, x in ((4, 4), (4, 36), (36, 4), (36, 36)):
            probabilities[patient, y : y + 20, x : x + 20] = 0.99
            truths[patient, y : y + 20, x : x + 20] = draw.random((20, 20)) < 0.4
    return probabilities, truths


def test_a_network_that_is_too_sure_is_brought_down_to_what_is_true():
    lesions = found_lesions(*squares(5, np.random.default_rng(1)), 0.5)
    assert len(lesions) == 20
    assert reliability(confidences(lesions), shares(lesions))[1] == pytest.approx(0.59, abs=0.02)
    scale, offset = fitted(lesions)
    assert expit(scale * logit(0.99) + offset) == pytest.approx(0.4, abs=0.01)
    assert reliability(confidences(lesions, scale, offset), shares(lesions))[1] < 0.02


def test_a_region_of_a_few_pixels_is_no_lesion():
    probabilities = np.zeros((1, 16, 16), np.float32)
    probabilities[0, :2, :4] = probabilities[0, 8:11, 8:11] = 0.9
    assert [len(logits) for logits, _ in found_lesions(probabilities, np.zeros((1, 16, 16), bool), 0.5)] == [9]


def test_the_diagram_counts_each_lesion_once():
    rows, error = reliability(np.array([0.05, 0.95, 1.0]), np.array([0.0, 1.0, 0.5]))
    assert rows == [{"lesions": 1, "confidence": 0.05, "tumour": 0.0}, {"lesions": 2, "confidence": 0.975, "tumour": 0.75}]
    assert error == pytest.approx((0.05 + 2 * 0.225) / 3, abs=1e-4)
    assert reliability(np.array([]), np.array([])) == ([], 0.0)


def test_scaled_logits_give_the_same_masks():
    torch.manual_seed(3)
    head, features = torch.nn.Conv2d(4, 1, 1), torch.randn(1, 4, 64, 64)
    model = SimpleNamespace(ffs=SimpleNamespace(head=head))
    with torch.no_grad():
        before = head(features)
        same, threshold = scaled(model, 0.3, 0.5, -1.0)
        after = head(features)
    torch.testing.assert_close(after, 0.5 * before - 1, atol=1e-5, rtol=0)
    assert same is model and threshold == pytest.approx(expit(0.5 * logit(0.3) - 1), abs=1e-4)
    assert 0 < float((before.sigmoid() >= 0.3).float().mean()) < 1
    assert float(((after.sigmoid() >= threshold) != (before.sigmoid() >= 0.3)).float().mean()) < 0.001
