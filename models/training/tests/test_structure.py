import torch

from training.augment import Draw, vary
from training.structure import FAINTEST, course, field, largest, restructured, tumours_added


def patients(count=24, size=64):
    """An even liver with one tumour, and the labels, each [N,1,H,W]."""
    row, column = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
    liver = ((row - size / 2) ** 2 + (column - size / 2) ** 2 < (size / 3) ** 2).float()
    tumour = ((row - size / 2) ** 2 + (column - size / 3) ** 2 < (size / 12) ** 2).float()
    frames = 0.6 - torch.linspace(0, 0.2, 10)[:, None, None] * tumour
    return tuple(image.expand(count, -1, -1, -1).clone() for image in (frames, tumour[None], liver[None]))


def draw(count, seed=3):
    return Draw(count, torch.Generator().manual_seed(seed))


def test_what_was_labelled_stays_labelled_and_what_is_added_lies_in_the_liver():
    frames, tumour, liver = patients()
    changed, label = restructured(frames, tumour, liver, draw(len(frames)))
    assert changed.shape == frames.shape and torch.isfinite(changed).all()
    assert (label >= tumour).all() and label.max() <= 1
    assert (label > tumour).any()
    assert not (label * (1 - liver) > tumour).any()


def test_an_added_tumour_is_labelled_where_the_picture_changed():
    frames, _, liver = patients()
    changed, label = tumours_added(frames, liver, draw(len(frames)))
    difference = (changed - frames).abs()[:, -1:]
    drawn = label.amax((1, 2, 3)) > 0
    assert 0 < drawn.sum() < len(frames)
    assert difference[~drawn].max() < 3 * FAINTEST, "what is not labelled can hardly be seen"
    inside, outside = difference[label > 0.5].mean(), difference[(label == 0) & drawn.view(-1, 1, 1, 1)].mean()
    assert inside > 5 * outside


def test_stains_alone_leave_the_label_alone():
    frames, tumour, _ = patients()
    changed, label = restructured(frames, tumour, torch.zeros_like(tumour), draw(len(frames)))
    assert torch.equal(label, tumour)
    assert not torch.equal(changed, frames)


def test_a_seed_gives_the_same_pictures_and_another_gives_others():
    frames, tumour, liver = patients(4)
    first, again, other = (restructured(frames, tumour, liver, draw(4, seed))[0] for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)


def test_stains_fill_and_some_fade():
    filled = course(draw(200), 10).flatten(1)
    assert filled.min() >= 0 and filled.max() <= 1
    assert (filled.diff(dim=1) > 0).any() and (filled.diff(dim=1) < 0).any()
    assert (filled[:, -1] > 0).all(), "everything has begun by the key frame"


def test_a_field_has_mean_0_and_deviation_1():
    image = field(draw(8), (64, 32), 1, 10)
    assert image.shape == (8, 1, 64, 32)
    assert image.mean((-2, -1)).abs().max() < 1e-4 and (image.std((-2, -1)) - 1).abs().max() < 1e-4


def test_largest_is_the_maximum_of_the_square():
    image = torch.rand(2, 3, 20, 17, generator=torch.Generator().manual_seed(1))
    assert torch.equal(largest(image, 2), torch.nn.functional.max_pool2d(image, 5, stride=1, padding=2))


def test_structure_is_varied_only_when_asked_for():
    frames = torch.randint(0, 255, (4, 10, 64, 64), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))
    _, tumour, liver = patients(4)
    plain, structured = (
        vary(frames, tumour, liver, torch.Generator().manual_seed(2), structure=wanted)[1] for wanted in (False, True)
    )
    assert structured.sum() > plain.sum()
