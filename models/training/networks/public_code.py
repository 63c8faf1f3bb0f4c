"""Weights trained with the paper's public code: three U-Nets in its layout (public_unet.py), in one file or several."""

from pathlib import Path

import torch

from networks.ltdnet import DsaLtdNet
from training.experiments import row_of
from cli_errors import stop

FIRST = "inc.double_conv.0.weight"
NETWORK_BY_INPUTS = {10: "tdl", 1: "lrs", 3: "ffs"}
THRESHOLD = 0.2


def load_public(paths):
    """torch.save files, or folders of them (the public code stores the networks as model0, model1 and model2), ->
    DsaLtdNet in evaluation mode.

    The inputs identify each network: ten frames for TDL, the key frame for LRS; FFS takes key frame, liver logits and
    temporal difference, in this order. Names may have any prefix. Exits with 2 and names the file, or what is missing.
    """
    found = {}
    for path in files(paths):
        for prefix, network in networks(path):
            inputs = network[FIRST].shape[1]
            name = NETWORK_BY_INPUTS.get(inputs)
            if name is None:
                stop(f"{path}: {prefix or 'the network'} takes {inputs} images: expected 10 (TDL), 1 (LRS) or 3 (FFS)")
            if name in found:
                stop(f"{path}: a second {name.upper()}, a network of {inputs} images")
            found[name] = network
    missing = [name.upper() for name in NETWORK_BY_INPUTS.values() if name not in found]
    if missing:
        stop(f"{', '.join(map(str, paths))}: no {' and no '.join(missing)}")
    model = DsaLtdNet(row_of("public-code", width=found["ffs"][FIRST].shape[0]))
    for name, network in found.items():
        try:
            getattr(model, name).load_state_dict(network)
        except RuntimeError as error:
            stop(f"{name.upper()}: not the layout of the public code:{str(error).splitlines()[1].rstrip()}")
    return model.eval()


def files(paths):
    for path in map(Path, paths):
        inside = sorted(entry for entry in path.rglob("*") if entry.suffix in (".path", ".pth", ".pt")) if path.is_dir() else [path]
        if not inside:
            stop(f"{path}: expected files .path, .pth or .pt, found none")
        yield from inside


def networks(path):
    """The state of each network in a file, with the prefix of its names: each first convolution of this layout starts
    a network.
    """
    try:
        state = flat(torch.load(path, map_location="cpu", weights_only=True))
    except Exception as error:
        stop(f"{path}: not weights of torch.save ({str(error).splitlines()[0][:80]})")
    prefixes = [name.removesuffix(FIRST) for name in state if name.endswith(FIRST)]
    if not prefixes:
        stop(f"{path}: no {FIRST}: not the layout of the public code")
    return [(prefix, {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}) for prefix in prefixes]


def flat(content, prefix=""):
    """Every tensor of a nested dictionary, by its dotted name."""
    if isinstance(content, torch.Tensor):
        return {prefix: content}
    entries = content.items() if isinstance(content, dict) else ()
    return {name: value for key, part in entries for name, value in flat(part, f"{prefix}.{key}" if prefix else str(key)).items()}
