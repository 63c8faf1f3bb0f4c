"""The networks, each [N,inputs,H,W] -> logits [N,1,H,W], with H and W divisible by 16. The first level has `width`
channels, the next 2, 4, 8 and 8 times as many.

Attention U-Net, U-Net++ and nnU-Net's network come from MONAI (monai_networks.py). In training, nnU-Net returns one
output per decoder level (deep supervision): [N,levels,1,H,W], finest first.
"""

import torch
from torch import nn

from networks.public_unet import PublicUNet
from cli_errors import stop

LEVELS = (1, 2, 4, 8, 8)


def two_convolutions(inputs, outputs):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
        nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class UNet(nn.Module):
    """Four levels down, bilinear upsampling, no final activation."""

    def __init__(self, inputs, width):
        super().__init__()
        widths = [width * level for level in LEVELS]
        self.down = nn.ModuleList(two_convolutions(a, b) for a, b in zip([inputs] + widths[:-1], widths))
        self.up = nn.ModuleList(
            two_convolutions(below + beside, outputs)
            for below, beside, outputs in zip(
                [8 * width, 4 * width, 2 * width, width], widths[-2::-1], [4 * width, 2 * width, width, width]
            )
        )
        self.head = nn.Conv2d(width, 1, 1)

    def forward(self, image):
        levels = []
        for step in self.down:
            image = step(nn.functional.max_pool2d(image, 2) if levels else image)
            levels.append(image)
        for step, beside in zip(self.up, levels[-2::-1]):
            image = nn.functional.interpolate(image, scale_factor=2, mode="bilinear", align_corners=False)
            image = step(torch.cat([beside, image], dim=1))
        return self.head(image)


BUILDERS = {"unet": UNet, "public-unet": PublicUNet}


def build(network, inputs, width):
    return (BUILDERS[network] if network in BUILDERS else monai_builder(network))(inputs, width)


def monai_builder(network):
    """Exits with 2 when MONAI cannot be imported."""
    try:
        from networks.monai_networks import BUILDERS as from_monai
    except ImportError as error:
        stop(f"{network}: needs MONAI (pip install monai): {error}")
    return from_monai[network]


def weights(model):
    """The number of trainable parameters."""
    return sum(part.numel() for part in model.parameters())
