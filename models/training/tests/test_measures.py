import numpy as np
import pytest

from evaluation.measures import best_grey_dice, best_threshold, dice, interval, lesion_dice, lesion_tables, mask_measures, tumour_pixels


def mask(*spans, size=16):
    image = np.zeros((size, size), bool)
    for rows, columns in spans:
        image[rows, columns] = True
    return image


LEFT, RIGHT = (slice(4, 8), slice(2, 6)), (slice(4, 8), slice(10, 14))


def test_the_measures_of_a_mask_that_is_half_right():
    found, truth = mask((slice(4, 8), slice(4, 8))), mask(LEFT)
    measures = mask_measures(found, truth)
    assert measures == pytest.approx({"dice": 0.5, "recall": 0.5, "ppv": 0.5, "specificity": 232 / 240, "npv": 232 / 240})


@pytest.mark.parametrize(
    ("found", "truth", "expected"),
    [
        (mask(), mask(), {"dice": 1, "recall": 1, "specificity": 1, "ppv": 1, "npv": 1}),
        (mask(), mask(LEFT), {"dice": 0, "recall": 0, "specificity": 1, "ppv": 0, "npv": 240 / 256}),
        (mask(LEFT), mask(), {"dice": 0, "recall": 1, "specificity": 240 / 256, "ppv": 0, "npv": 1}),
        (~mask(), ~mask(), {"dice": 1, "recall": 1, "specificity": 1, "ppv": 1, "npv": 1}),
    ],
)
def test_what_a_ratio_is_where_nothing_can_be_counted(found, truth, expected):
    assert mask_measures(found, truth) == pytest.approx(expected)


def test_a_lesion_is_judged_by_the_components_that_touch_it():
    lesions = mask(LEFT).astype(np.uint8) + 2 * mask(RIGHT)
    both = mask((slice(4, 8), slice(2, 14)))
    elsewhere = mask((slice(12, 15), slice(0, 15)))
    joined = 2 * 16 / (16 + 48 - 16)
    assert lesion_dice(both | elsewhere, lesions, 2) == pytest.approx([joined, joined])
    assert lesion_dice(mask(LEFT) | elsewhere, lesions, 2) == [1.0, 0.0]


def test_diagonal_neighbours_are_one_component():
    lesions = mask((slice(4, 6), slice(4, 6))).astype(np.uint8)
    found = mask((5, 5), (6, 6), (7, 7))
    assert lesion_dice(found, lesions, 1) == pytest.approx([2 * 1 / (3 + 4)])


def test_a_lesion_without_a_pixel_counts_as_missed():
    assert lesion_dice(mask(LEFT), mask(LEFT).astype(np.uint8), 2) == [1.0, 0.0]


def test_the_threshold_is_the_best_of_a_fine_grid_and_the_lower_of_equals():
    truth = mask(LEFT)
    probability = np.where(truth, 0.62, 0.33).astype(np.float32)
    assert best_threshold([probability], [truth]) == (0.35, 1.0)


def test_the_interval_holds_the_mean_and_nothing_where_all_are_equal():
    low, high = interval(np.linspace(0, 1, 50))
    assert 0.3 < low < 0.5 < high < 0.7
    assert interval([0.4] * 9) == [0.4, 0.4]


def test_the_grey_threshold_takes_whichever_side_is_better():
    liver, truth = ~mask(), mask(LEFT)
    dark = np.where(truth, 10, 200).astype(np.uint8)
    assert best_grey_dice(dark, truth, liver) == best_grey_dice(255 - dark, truth, liver) == 1.0
    assert best_grey_dice(np.full_like(dark, 9), truth, liver) == pytest.approx(dice(liver, truth))


def test_lesions_are_sorted_by_size_and_supply():
    rows = [{"diameter": size, "poor": poor, "dice": size / 100} for size, poor in ((24.9, 1), (25, 0), (60, 0), (60.5, -1))]
    table = {entry["name"]: (entry["lesions"], entry["dice"]) for entry in lesion_tables(rows)}
    assert table["below 25 px"] == (1, 0.249)
    assert table["25 to 60 px"] == (2, 0.425)
    assert table["above 60 px"] == (1, 0.605)
    assert table["rich in blood"] == (2, 0.425) and table["poor in blood"][0] == table["unknown"][0] == 1


def test_a_region_counts_whose_mean_reaches_the_threshold_of_a_lesion():
    probabilities = np.array([[0.5, 0, 0, 0.75], [0, 0.875, 0, 0], [0, 0, 0, 0.25]], np.float32)
    found = lambda lesion: tumour_pixels(probabilities, 0.25, lesion).astype(int).tolist()
    assert found(None) == [[1, 0, 0, 1], [0, 1, 0, 0], [0, 0, 0, 1]]
    assert found(0.6875) == [[1, 0, 0, 1], [0, 1, 0, 0], [0, 0, 0, 0]]
    assert found(0.7) == [[0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert found(0.9) == [[0] * 4] * 3
