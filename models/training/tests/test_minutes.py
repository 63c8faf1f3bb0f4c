"""Trainings with --minutes, with averaged weights, and without MONAI."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

import train as train_script
from data.patients import FRAMES, Patients
from evaluate import evaluate_checkpoint
from evaluation.predict import model_probabilities
from networks.ltdnet import DsaLtdNet
from train import train
from training import budget
from training.augment import vary
from training.average import Average
from training.budget import Budget
from training.checkpoint import finished, load, read_checkpoint, read_log, read_weights
from training.experiments import MONAI_NETWORKS, from_settings, row_of, rows
from training.vessel_distractors import fan_set

TRAINING = Path(__file__).parents[1]


class Clock:
    """time.monotonic that moves on when it is told to."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(budget.time, "monotonic", clock)
    return clock


def test_a_budget_knows_how_far_it_is_and_whether_another_epoch_fits(clock):
    limited, unlimited = Budget(100), Budget()
    clock.now += 40
    assert (limited.progress, unlimited.progress) == (0.4, 0.0)
    for seconds in (30, 8, 10):
        limited.note("epoch", seconds)
    limited.note("validation", 5)
    clock.now += 40
    assert limited.another_fits  # 80 + 10 + 5 of 97: the first epoch warms up
    clock.now += 3
    assert not limited.another_fits and unlimited.another_fits


def test_a_budget_that_goes_on_begins_where_it_was(clock):
    resumed = Budget(100, done=0.6)
    clock.now += 50
    assert resumed.progress == pytest.approx(0.8)


def test_a_training_ends_in_time_annealed_and_counts_as_finished(prepared, tmp_path, monkeypatch, capsys, clock):
    row, rates = row_of("bundle", width=4, epochs=50, batch=4), []

    def one_epoch(*given):
        line = real(*given)
        rates.append(given[1].param_groups[0]["lr"])
        clock.now += 10
        return line | {"seconds": 10.0}

    real = train_script.one_epoch
    monkeypatch.setattr(train_script, "one_epoch", one_epoch)
    train(row, Patients(prepared, half=True), Patients(prepared), tmp_path, validate_every=2, seconds=85)
    assert clock.now - 100 <= 85
    assert len(rates) == 8 and rates == sorted(rates, reverse=True)
    assert rates[0] == row.rate and rates[-1] < 0.08 * row.rate
    last = read_log(tmp_path)[-1]
    assert last["ended_by_minutes"] and last["planned_epochs"] == 50 and "dice" in last
    assert "ended by its minutes after 8 of 50 epochs" in capsys.readouterr().err
    assert finished(tmp_path, row, 1)
    assert evaluate_checkpoint(tmp_path / "checkpoint.pt", prepared, threshold=0.5)[0]["epoch"] == 8
    train(row, Patients(prepared, half=True), Patients(prepared), tmp_path)
    assert len(rates) == 8


def test_the_process_ends_within_its_minutes(prepared, tmp_path):
    started = time.monotonic()
    command = [TRAINING / "train.py", "--row", "bundle", "--width", "2", "--epochs", "9999", "--tdl-epochs", "9999", "--minutes", "0.2"]
    where = ["--train", prepared, "--validate", prepared, "--out", tmp_path]
    subprocess.run([sys.executable, *map(str, command + where)], check=True, capture_output=True)
    assert time.monotonic() - started < 40, "12 s, and loading torch on a busy machine"
    assert read_log(tmp_path)[-1]["ended_by_minutes"]


def test_the_average_begins_quickly_and_then_follows_slowly():
    model = torch.nn.BatchNorm1d(1)
    average = Average(model, 0.5)
    for step, expected in ((1, 9 / 11), (2, 9 / 11 + (1 - 3 / 12) * (1 - 9 / 11))):
        with torch.no_grad():
            model.weight.fill_(2.0), model.running_mean.fill_(1.0), model.num_batches_tracked.fill_(step)
        average.update()
        assert average.model.weight.item() == pytest.approx(1 + expected)
        assert average.model.running_mean.item() == pytest.approx(expected)
        assert average.model.num_batches_tracked.item() == step
    average.steps = 1000
    with torch.no_grad():
        model.weight.fill_(4.0)
    before = average.model.weight.item()
    average.update()
    assert average.model.weight.item() == pytest.approx((before + 4) / 2)


def test_averaged_weights_go_on_exactly_and_are_what_answers(prepared, tmp_path):
    row = row_of("ffs+lrs", width=4, epochs=2, batch=4, ema=0.9)
    patients, checked = Patients(prepared, half=True), Patients(prepared)
    whole = train(row, patients, checked, tmp_path / "whole", seed=3)
    train(row, patients, checked, tmp_path / "parts", seed=3, stop_after=1)
    resumed = train(row, patients, checked, tmp_path / "parts", seed=3)
    kept = read_checkpoint(tmp_path / "parts" / "checkpoint.pt")
    expected = read_checkpoint(tmp_path / "whole" / "checkpoint.pt")
    assert kept["average"]["steps"] == expected["average"]["steps"] > 0
    for name, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name
        assert torch.equal(value, kept["average"]["model"][name]), name
        assert torch.equal(expected["model"][name], kept["model"][name]), name
    assert not torch.equal(kept["model"]["ffs.head.weight"], kept["average"]["model"]["ffs.head.weight"])
    loaded = load(tmp_path / "parts" / "checkpoint.pt")[0]
    assert (model_probabilities(loaded, checked)[0] == model_probabilities(whole, checked)[0]).all()
    assert torch.equal(read_weights(tmp_path / "parts" / "checkpoint.pt")["ffs.head.weight"], whole.ffs.head.weight)


def test_checkpoints_from_before_the_average_can_be_used(prepared, tmp_path):
    row = row_of("unet", width=4, epochs=2, batch=4)
    patients = Patients(prepared, half=True)
    train(row, patients, patients, tmp_path, stop_after=1)
    kept = read_checkpoint(tmp_path / "checkpoint.pt")
    for key in ("progress", "ended"):
        del kept[key]
    del kept["settings"]["ema"]
    torch.save(kept, tmp_path / "checkpoint.pt")
    assert from_settings(kept["settings"]).ema == 0
    assert load(tmp_path / "checkpoint.pt")[1]["epoch"] == 1
    assert not finished(tmp_path, row, 1)
    train(row, patients, Patients(prepared), tmp_path)
    assert finished(tmp_path, row, 1)


def test_only_the_rows_with_networks_of_monai_need_it(tmp_path):
    script = "import sys; sys.modules['monai'] = None\nimport train, tables, evaluate, export\nfrom networks.ltdnet import DsaLtdNet\n"
    script += "from training.experiments import row_of\nDsaLtdNet(row_of(sys.argv[1], width=2)); print('built')"
    for name in ("bundle", "unet++"):
        done = subprocess.run([sys.executable, "-c", script, name], cwd=TRAINING, capture_output=True, text=True)
        if row_of(name).network in MONAI_NETWORKS:
            assert done.returncode == 2 and done.stderr.startswith("unet++: needs MONAI") and done.stderr.count("\n") == 1
        else:
            assert (done.returncode, done.stdout) == (0, "built\n")
    assert {row.network for row in rows().values()} > set(MONAI_NETWORKS)


def test_a_batch_holds_the_frames_and_labels_of_its_samples(prepared):
    patients = Patients(prepared, inputs=("optical flow",))
    chosen, later = [2, 0, 1], [0, 2, 1]
    for indices in ((chosen, later), (torch.tensor(chosen), torch.tensor(later))):
        frames, tumour, liver, motion = patients.batch(*indices)
        for n, (patient, k) in enumerate(zip(chosen, later)):
            assert torch.equal(frames[n], patients.frames[patient, k : k + FRAMES])
            assert torch.equal(tumour[n], patients.tumour[patient, k : k + 1].float() / 4)
            assert torch.equal(liver[n], patients.liver[patient, k : k + 1].float() / 4)
            assert torch.equal(motion[n], patients.motion[patient, k].float())
        assert frames.dtype == torch.uint8 and frames.is_contiguous()


def test_arteries_drawn_ahead_darken_a_quarter_of_the_samples_and_repeat():
    fans = fan_set(64, seed=1, count=16)
    assert fans.shape == (16, 1, 64, 64) and fans.amax((1, 2, 3)).min() > 50
    frames, label = torch.full((64, 10, 64, 64), 128, dtype=torch.uint8), torch.zeros(64, 1, 64, 64)
    first, again = (vary(frames, label, label, torch.Generator().manual_seed(4), fans)[0] for _ in range(2))
    assert torch.equal(first, again) and first.shape == frames.shape


def test_a_varied_row_without_average_still_returns_the_trained_model(prepared, tmp_path):
    row = row_of("bundle", width=2, epochs=1, batch=4, ema=0.0)
    model = train(row, Patients(prepared, half=True), Patients(prepared), tmp_path)
    assert isinstance(model, DsaLtdNet) and "average" not in read_checkpoint(tmp_path / "checkpoint.pt")
