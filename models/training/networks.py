"""The networks, each [N,inputs,H,W] -> logits [N,1,H,W], H and W divisible by 16. `width` channels on the first level, then 2, 4, 8
and 8 times as many.

Attention U-Net, U-Net++ and nnU-Net's network come from MONAI. In training, nnU-Net gives one answer per decoder level (deep supervision):
[N,levels,1,H,W], finest first.
"""

import torch
from monai.networks.nets import AttentionUnet, BasicUNetPlusPlus, DynUNet
from monai.networks.nets.basic_unet import UpCat
from torch import nn

from public_unet import PublicUNet

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
    """Four levels down, bilinear steps up, no activation at the end."""

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


class UNetPlusPlus(BasicUNetPlusPlus):
    """MONAI's U-Net++ with batch norm and ReLU as in its paper, without deep supervision."""

    def __init__(self, inputs, width):
        features = tuple(width * level for level in LEVELS) + (width,)
        super().__init__(2, inputs, 1, features=features, norm="batch", act="relu")
        for part in self.modules():
            if isinstance(part, UpCat):
                part.is_pad = False  # only odd sizes need it, and it costs a third of the time

    def forward(self, image):
        return super().forward(image)[0]


def attention_unet(inputs, width):
    return AttentionUnet(2, inputs, 1, channels=[width * level for level in LEVELS], strides=[2, 2, 2, 2])


def nnunet(inputs, width):
    """nnU-Net's network: instance norm, leaky ReLU, strided convolutions, deep supervision on two more levels."""
    return DynUNet(
        2,
        inputs,
        1,
        kernel_size=[3] * 5,
        strides=[1, 2, 2, 2, 2],
        upsample_kernel_size=[2] * 4,
        filters=[width * level for level in LEVELS],
        norm_name=("INSTANCE", {"affine": True}),
        deep_supervision=True,
        deep_supr_num=2,
    )


BUILDERS = {"unet": UNet, "attention-unet": attention_unet, "unet++": UNetPlusPlus, "nnunet": nnunet, "public-unet": PublicUNet}


def build(network, inputs, width):
    return BUILDERS[network](inputs, width)


def weights(model):
    """How many numbers the training sets."""
    return sum(part.numel() for part in model.parameters())
