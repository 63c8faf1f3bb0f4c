import pytest
import torch

from data.patients import Patients
from networks.ltdnet import DsaLtdNet, losses, overlap_loss, supervised
from train import arguments, batches, train
from training.augment import vary
from training.checkpoint import alone, load, read_log
from training.experiments import parse, row_of, rows
from training.vessel_distractors import tangled


@pytest.mark.parametrize("name", sorted(rows()))
def test_every_row_answers_one_map_per_network(name):
    row = row_of(name, width=4, half=True)
    model = DsaLtdNet(row).eval()
    motion = sum({"optical flow": 2, "background subtraction": 1}.get(entry, 0) for entry in row.inputs)
    with torch.no_grad():
        answers = model(torch.rand(2, 10, 64, 64), torch.rand(2, motion, 64, 64) if motion else None)
    there = {"tumour": row.network != "tdl", "liver": "liver" in row.inputs, "difference": "difference" in row.inputs}
    for role, expected in there.items():
        answer = getattr(answers, role)
        assert (answer is not None) == expected
        assert answer is None or answer.shape == (2, 1, 64, 64)


@pytest.mark.parametrize("name", sorted(rows()))
def test_every_row_learns_from_a_batch(name, prepared):
    row = row_of(name, width=4, half=True)
    patients, model = Patients(prepared, half=True, inputs=row.inputs), DsaLtdNet(row).train()
    frames, tumour, liver, motion = patients.batch([0, 1], [0, 2])
    parts = losses(model.look(frames / 255, motion), frames / 255, tumour, liver, row.supervision)
    sum(parts.values()).backward()
    taught = {name.split(".")[0] for name, weight in model.named_parameters() if weight.grad is not None}
    assert taught == {name for name in ("tdl", "lrs", "ffs") if getattr(model, name) is not None}


def test_the_loss_is_half_cross_entropy_and_half_dice():
    truth = torch.zeros(1, 1, 16, 16)
    truth[..., :4] = 1
    assert float(overlap_loss(torch.where(truth > 0, 20.0, -20.0), truth)) < 1e-3
    entropy, dice = torch.log(torch.tensor(2.0)), (2 * 32 + 1) / (128 + 64 + 1)
    assert float(overlap_loss(torch.zeros_like(truth), truth)) == pytest.approx(float(0.5 * entropy + 0.5 * (1 - dice)), abs=1e-6)


def test_coarser_levels_count_half_as_much_each():
    truth = (torch.rand(2, 1, 16, 16) > 0.5).float()
    fine, coarse = torch.randn(2, 2, 1, 16, 16).unbind(0)
    both = supervised(torch.stack([fine, coarse], 1), truth)
    assert float(both) == pytest.approx(float((2 * overlap_loss(fine, truth) + overlap_loss(coarse, truth)) / 3), rel=1e-5)


def test_an_epoch_shows_each_patient_with_key_frame_and_successors():
    shown = batches(5, row_of("unet"), torch.Generator().manual_seed(1))
    assert sorted(sample for batch in shown for sample in batch) == [(p, n) for p in range(5) for n in range(3)]
    assert [len(batch) for batch in shown] == [8, 7]


def test_a_training_that_was_stopped_goes_on_as_if_it_had_not(prepared, tmp_path):
    row = row_of("ffs+lrs", width=4, epochs=2, batch=4)
    patients, checked = Patients(prepared, half=True), Patients(prepared)
    whole = train(row, patients, checked, tmp_path / "whole", seed=3)
    train(row, patients, checked, tmp_path / "parts", seed=3, stop_after=1)
    (tmp_path / "parts" / "log.jsonl").open("a").write('{"epoch": 2, "loss"')
    resumed = train(row, patients, checked, tmp_path / "parts", seed=3)
    for name, value in whole.state_dict().items():
        assert torch.allclose(value.float(), resumed.state_dict()[name].float(), atol=1e-6), name
    assert [line["epoch"] for line in read_log(tmp_path / "parts")] == [1, 2]
    assert {"loss", "tumour", "liver", "seconds", "dice", "liver_dice"} <= set(read_log(tmp_path / "parts")[-1])
    assert (tmp_path / "parts" / "curves.png").stat().st_size > 10000
    assert load(tmp_path / "parts" / "checkpoint.pt")[1]["epoch"] == 2


def test_a_folder_begun_with_other_settings_is_refused(prepared, tmp_path, capsys):
    patients = Patients(prepared, half=True)
    train(row_of("unet", width=4, epochs=2), patients, patients, tmp_path, stop_after=1)
    with pytest.raises(SystemExit) as stopped:
        train(row_of("unet", width=4, epochs=3), patients, patients, tmp_path)
    assert stopped.value.code == 2
    assert "begun with epochs 2, not 3" in capsys.readouterr().err


def test_variations_keep_shape_range_and_labels_in_place():
    generator = torch.Generator().manual_seed(2)
    frames = torch.full((6, 10, 64, 64), 160, dtype=torch.uint8)
    frames[:, :, 20:44, 20:44] = 40
    tumour = (frames[:, :1] < 100).float()
    shown, moved, _ = vary(frames, tumour, tumour, generator)
    assert shown.shape == frames.shape and 0 <= float(shown.min()) and float(shown.max()) <= 1
    for image, label in zip(shown[:, -1], moved[:, 0]):
        assert image[label > 0.9].mean() + 0.05 < image[8:56, 8:56][label[8:56, 8:56] < 0.1].mean()


def test_a_row_with_an_unknown_word_is_refused(capsys):
    given = {"network": "unet", "inputs": ["colour"], "augmentation": "none", "samples": 3}
    with pytest.raises(SystemExit):
        parse("mine", given)
    assert "experiments.toml: mine: inputs" in capsys.readouterr().err


def test_a_broken_patient_is_named(tmp_path, capsys):
    (tmp_path / "p.npz").write_bytes(b"PK not a zip")
    with pytest.raises(SystemExit) as stopped:
        Patients(tmp_path)
    assert stopped.value.code == 2
    assert "p.npz: not a prepared patient" in capsys.readouterr().err


def test_what_is_no_checkpoint_is_named(tmp_path, capsys):
    (tmp_path / "text.pt").write_text("no weights")
    torch.save({"model": {}}, tmp_path / "other.pt")
    for name, words in (("text.pt", "unreadable"), ("other.pt", "other contents"), ("none.pt", "No such file")):
        with pytest.raises(SystemExit) as stopped:
            load(tmp_path / name)
        assert stopped.value.code == 2
        assert f"{name}: not a checkpoint of train.py: {words}" in capsys.readouterr().err


def test_two_trainings_do_not_share_a_folder(tmp_path, capsys):
    lock = alone(tmp_path)
    with pytest.raises(SystemExit):
        alone(tmp_path)
    assert "another training is at work here" in capsys.readouterr().err
    lock.release()
    alone(tmp_path).release()


def test_strange_arteries_darken_a_quarter_of_the_samples_and_repeat_with_the_generator():
    frames = torch.full((64, 10, 64, 64), 0.5)
    first, again = (tangled(frames.clone(), torch.Generator().manual_seed(4)) for _ in range(2))
    assert torch.equal(first, again)
    assert (first <= frames).all()
    touched = (first < frames).any(dim=(1, 2, 3)).float().mean()
    assert 0.1 < touched < 0.4


def test_refuses_batches_of_one_which_batch_norm_cannot_learn_from(capsys):
    given = [word for name in ("row", "train", "validate", "out") for word in (f"--{name}", "x")]
    assert arguments([*given, "--batch", "2"]).batch == 2
    with pytest.raises(SystemExit) as ended:
        arguments([*given, "--batch", "1"])
    assert ended.value.code == 2
    assert "--batch: expected a whole number of at least 2, got 1" in capsys.readouterr().err


def test_only_one_network_is_trained_when_asked_for(prepared, tmp_path):
    patients = Patients(prepared, half=True)
    row = row_of("bundle", width=4, epochs=1, batch=2)
    torch.manual_seed(3)
    before = {name: value.clone() for name, value in DsaLtdNet(row).state_dict().items()}
    after = train(row, patients, patients, tmp_path, init=before, only="ffs").state_dict()
    changed = {name.split(".")[0] for name, value in before.items() if not torch.equal(value, after[name])}
    assert changed == {"ffs"}
