import pytest
import torch

from data.patients import Patients
from export import write_bundle
from networks.bundle_weights import bundle_weights
from networks.ltdnet import DsaLtdNet
from training.experiments import row_of

ABOUT = {"version": "1", "trained_on": "noise", "threshold": 0.5, "liver_threshold": 0.5, "metrics": {}}


def test_a_bundle_becomes_the_network_it_was_exported_from(prepared, tmp_path):
    row = row_of("bundle", width=4)
    torch.manual_seed(1)
    model = DsaLtdNet(row)
    patients = Patients(prepared, half=True)
    frames = patients.frames[:, :10]
    for _ in range(3):  # so that the batch norms have statistics of their own
        model.train().look(frames.float() / 255)
    write_bundle(model.eval(), tmp_path, ABOUT, Patients(prepared))
    again = DsaLtdNet(row).eval()
    again.load_state_dict(bundle_weights(tmp_path, row, frames))
    with torch.no_grad():
        for before, after in zip(model.look(frames.float() / 255), again.look(frames.float() / 255), strict=True):
            assert (before - after).abs().max() < 1e-4
    norm = again.ffs.down[1][1]
    assert not torch.allclose(norm.running_mean, torch.zeros(())), "training goes on from the statistics of real images"


def test_a_bundle_of_another_width_is_refused(prepared, tmp_path, capsys):
    write_bundle(DsaLtdNet(row_of("bundle", width=4)).eval(), tmp_path, ABOUT, Patients(prepared))
    with pytest.raises(SystemExit) as stopped:
        bundle_weights(tmp_path, row_of("bundle", width=8), Patients(prepared, half=True).frames[:, :10])
    assert stopped.value.code == 2
    assert "not the networks of row bundle with width 8" in capsys.readouterr().err
