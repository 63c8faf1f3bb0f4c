"""The weights of a bundle, to train on from: `train.py --init BUNDLE`.

An exported graph has no batch norms: each is folded into the convolution before it. Here each convolution gets back a batch norm that leaves the answers
as they are, with the mean and deviation that its output has on some patients, which is what training needs.
"""

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

from networks.ltdnet import DsaLtdNet
from cli_errors import stop


def bundle_weights(folder, row, frames):
    """The state of a DsaLtdNet of `row` that answers as the bundle does. frames: uint8 [N,10,H,W] of the row's own size, to measure on.

    Exits with 2 when the bundle holds another network.
    """
    model = DsaLtdNet(row).eval()
    graph = onnx.load(folder / "model.onnx").graph
    kept = {entry.name: numpy_helper.to_array(entry) for entry in graph.initializer}
    folded = [[kept.get(name) for name in node.input[1:]] for node in graph.node if node.op_type == "Conv"]
    layers = [layer for part in (model.tdl, model.lrs, model.ffs) if part for layer in convolutions(part)]
    shapes = [tuple(layer.weight.shape) for layer, _ in layers]
    if [None if pair[0] is None else pair[0].shape for pair in folded] != shapes:
        stop(f"{folder}: not the networks of row {row.name} with width {row.width}")
    with torch.no_grad():
        for (layer, norm), (weight, bias) in zip(layers, folded, strict=True):
            layer.weight.copy_(torch.from_numpy(weight.astype(np.float32)))
            if norm is None:
                layer.bias.copy_(torch.from_numpy(bias.astype(np.float32)))
            else:
                norm.running_mean.zero_()
                norm.running_var.fill_(1 - norm.eps)
                norm.bias.copy_(torch.from_numpy(bias.astype(np.float32)))
        measured = {norm: [] for _, norm in layers if norm is not None}
        hooks = [norm.register_forward_pre_hook(lambda norm, seen: measured[norm].append(moments(seen[0]))) for norm in measured]
        for part in frames.split(8):
            model.look(part.float() / 255)
        for hook in hooks:
            hook.remove()
        for norm, seen in measured.items():
            mean, square = torch.stack(seen).mean(0)
            norm.running_mean.copy_(mean)
            norm.running_var.copy_((square - mean**2).clamp(min=1e-8))
            norm.weight.copy_(torch.sqrt(norm.running_var + norm.eps))
            norm.bias.add_(mean)
    return model.state_dict()


def convolutions(network):
    """The convolutions of a network in the order in which they run, each with the batch norm after it, or None."""
    layers = [layer for layer in network.modules() if isinstance(layer, (nn.Conv2d, nn.BatchNorm2d))]
    following = [*layers[1:], None]
    return [
        (layer, after if isinstance(after, nn.BatchNorm2d) else None) for layer, after in zip(layers, following) if isinstance(layer, nn.Conv2d)
    ]


def moments(seen):
    """Mean and mean square of each channel."""
    return torch.stack([seen.mean((0, 2, 3)), (seen**2).mean((0, 2, 3))])
