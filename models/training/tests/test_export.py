import json

import numpy as np
import pytest
import torch

from data.patients import Patients
from evaluate import evaluate_bundle
from evaluation.predict import open_graph
from export import write_bundle
from networks.graph import Bundled
from networks.ltdnet import DsaLtdNet
from networks.public_code import load_public
from networks.public_unet import PublicUNet
from training.experiments import row_of

ABOUT = {"version": "0.0.1", "trained_on": "nothing", "threshold": 0.4, "liver_threshold": 0.5, "metrics": {"dice": 0.1}}


def random_model(**changed):
    """Untrained, but with batch norms that have seen something."""
    torch.manual_seed(5)
    model = DsaLtdNet(row_of("dsa-ltdnet", width=4, **changed)).train()
    with torch.no_grad():
        for _ in range(3):
            model(torch.rand(2, 10, 256, 256))
    return model.eval()


def difference(model, folder):
    frames = torch.rand(1, 10, 256, 256)
    computed = open_graph(folder / "model.onnx").run(["tumour", "liver", "difference"], {"frames": frames.numpy()})
    with torch.no_grad():
        expected = Bundled(model)(frames)
    return max(float(np.abs(a.numpy() - b).max()) for a, b in zip(expected, computed, strict=True))


@pytest.mark.parametrize("half", [False, True])
def test_a_bundle_computes_what_torch_computes(half, prepared, tmp_path):
    model = random_model(half=half)
    assert write_bundle(model, tmp_path, ABOUT, Patients(prepared)) < 1e-4
    assert difference(model, tmp_path) < 1e-4
    card = json.loads((tmp_path / "model.json").read_text())
    assert card["thresholds"] == {"tumour": 0.4, "liver": 0.5} and card["metrics"] == {"dice": 0.1}
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "golden-difference.bin",
        "golden-input.bin",
        "golden-liver.bin",
        "golden-tumour.bin",
        "model.json",
        "model.onnx",
    ]
    assert evaluate_bundle(tmp_path, prepared)[0]["threshold"] == 0.4


def test_a_lesion_threshold_is_in_the_card_and_in_the_measures(prepared, tmp_path):
    write_bundle(random_model(half=True), tmp_path, ABOUT | {"lesion_threshold": 0.999}, Patients(prepared))
    assert json.loads((tmp_path / "model.json").read_text())["thresholds"] == {"tumour": 0.4, "liver": 0.5, "lesion": 0.999}
    summary = evaluate_bundle(tmp_path, prepared)[0]
    assert (summary["lesionThreshold"], summary["recall"], summary["ppv"]) == (0.999, 0, 0)


def test_fp16_halves_the_file_and_int8_goes_below(prepared, tmp_path):
    model, patients = random_model(half=True), Patients(prepared)
    sizes = {}
    for precision, most in (("fp32", 1e-4), ("fp16", 5e-3), ("int8", 0.2)):
        write_bundle(model, tmp_path / precision, ABOUT, patients, precision, patients)
        sizes[precision] = (tmp_path / precision / "model.onnx").stat().st_size
        assert difference(model, tmp_path / precision) < most, precision
    assert sizes["fp16"] < 0.65 * sizes["fp32"]
    assert sizes["int8"] < 0.65 * sizes["fp32"]


def public_networks(width=4):
    torch.manual_seed(6)
    return {name: PublicUNet(inputs, width) for name, inputs in (("model0", 10), ("model1", 1), ("model2", 3))}


def test_the_layout_is_that_of_the_public_code():
    network = PublicUNet(3, 64)
    shapes = {name: tuple(value.shape) for name, value in network.state_dict().items()}
    assert shapes["inc.double_conv.0.weight"] == (64, 3, 3, 3) and shapes["inc.double_conv.0.bias"] == (64,)
    assert shapes["down4.maxpool_conv.1.double_conv.3.weight"] == (512, 512, 3, 3)
    assert shapes["up1.conv.double_conv.0.weight"] == (512, 1024, 3, 3) and shapes["up1.conv.double_conv.3.weight"] == (256, 512, 3, 3)
    assert shapes["up4.conv.double_conv.0.weight"] == (64, 128, 3, 3) and shapes["outc.conv.weight"] == (1, 64, 1, 1)
    assert sum(value.numel() for value in network.parameters()) == 17_267_393


def test_weights_of_the_public_code_become_a_bundle(prepared, tmp_path):
    networks = public_networks()
    for name, network in networks.items():
        (tmp_path / name).mkdir()
        torch.save(network.state_dict(), tmp_path / name / "dice_max.path")
    model = load_public([tmp_path])
    frames = torch.rand(1, 10, 64, 64)
    with torch.no_grad():
        tdl, lrs, ffs = (network.eval() for network in networks.values())
        difference_map, liver = tdl(frames), lrs(frames[:, 9:])
        expected = ffs(torch.cat([frames[:, 9:], liver, difference_map], dim=1))
        assert torch.equal(model(frames).tumour, expected)
    assert write_bundle(model, tmp_path / "bundle", ABOUT, Patients(prepared)) < 1e-4
    assert difference(model, tmp_path / "bundle") < 1e-4


def test_one_file_with_prefixes_serves_too(tmp_path):
    networks = public_networks()
    together = {f"{name}.{key}": value for name, network in networks.items() for key, value in network.state_dict().items()}
    torch.save({"state_dict": together, "epoch": 12}, tmp_path / "all.pth")
    loaded = load_public([tmp_path / "all.pth"])
    assert torch.equal(loaded.lrs.state_dict()["outc.conv.bias"], networks["model1"].state_dict()["outc.conv.bias"])


def test_missing_and_strange_weights_are_named(tmp_path, capsys):
    networks = public_networks()
    torch.save(networks["model0"].state_dict(), tmp_path / "tdl.pth")
    torch.save({"weight": torch.zeros(3)}, tmp_path / "other.pth")
    (tmp_path / "text.pth").write_text("no weights")
    for name, words in (("tdl.pth", "no LRS and no FFS"), ("other.pth", "not the layout"), ("text.pth", "not weights of torch.save")):
        with pytest.raises(SystemExit) as stopped:
            load_public([tmp_path / name])
        assert stopped.value.code == 2
        assert words in capsys.readouterr().err
