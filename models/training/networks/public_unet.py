"""The U-Net in the layout of the paper's public code, so that weights trained with it load by name.

Four levels down, bilinear steps up with aligned corners, convolutions with bias, the first convolution of a step up half as wide
as its input.
"""

import torch
from torch import nn


def two_convolutions(inputs, between, outputs):
    return nn.ModuleDict(
        {
            "double_conv": nn.Sequential(
                nn.Conv2d(inputs, between, 3, padding=1),
                nn.BatchNorm2d(between),
                nn.ReLU(inplace=True),
                nn.Conv2d(between, outputs, 3, padding=1),
                nn.BatchNorm2d(outputs),
                nn.ReLU(inplace=True),
            )
        }
    )


class PublicUNet(nn.Module):
    """[N,inputs,H,W] -> logits [N,1,H,W]. Published weights have width 64."""

    def __init__(self, inputs, width=64):
        super().__init__()
        widths = [width, 2 * width, 4 * width, 8 * width, 8 * width]
        self.inc = two_convolutions(inputs, width, width)
        for level in (1, 2, 3, 4):
            step = two_convolutions(widths[level - 1], widths[level], widths[level])
            self.add_module(f"down{level}", nn.ModuleDict({"maxpool_conv": nn.Sequential(nn.MaxPool2d(2), step)}))
        for level, (both, outputs) in enumerate(((16, 4), (8, 2), (4, 1), (2, 1)), 1):
            self.add_module(f"up{level}", nn.ModuleDict({"conv": two_convolutions(both * width, both * width // 2, outputs * width)}))
        self.outc = nn.ModuleDict({"conv": nn.Conv2d(width, 1, 1)})

    def forward(self, image):
        levels = [self.inc["double_conv"](image)]
        for level in (1, 2, 3, 4):
            pool, step = self.get_submodule(f"down{level}.maxpool_conv")
            levels.append(step["double_conv"](pool(levels[-1])))
        image = levels.pop()
        for level in (1, 2, 3, 4):
            image = nn.functional.interpolate(image, scale_factor=2, mode="bilinear", align_corners=True)
            image = self.get_submodule(f"up{level}.conv.double_conv")(torch.cat([levels.pop(), image], dim=1))
        return self.outc["conv"](image)
