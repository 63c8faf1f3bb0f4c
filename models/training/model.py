"""DSA-LTDNet: three bilinear U-Nets that look at one DSA run (paper, section 2).

    frames k-9..k --TDL--> temporal difference --+
    key frame k   --LRS--> liver logits ---------+--FFS--> tumour logits
    key frame k   -------------------------------+
"""

import torch
from torch import nn


def two_convolutions(inputs, outputs):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True),
        nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True),
    )


class UNet(nn.Module):
    """The U-Net of the paper's public code: four levels down, bilinear steps up, no activation at the end."""

    def __init__(self, inputs, width):
        super().__init__()
        widths = [width, 2 * width, 4 * width, 8 * width, 8 * width]
        self.down = nn.ModuleList(two_convolutions(a, b) for a, b in zip([inputs] + widths[:-1], widths))
        self.up = nn.ModuleList(
            two_convolutions(below + beside, outputs)
            for below, beside, outputs in zip([8 * width, 4 * width, 2 * width, width], widths[-2::-1], [4 * width, 2 * width, width, width])
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


class DsaLtdNet(nn.Module):
    """frames [N,10,H,W], grey/255, oldest first -> tumour logits, liver logits, temporal difference, each [N,1,H,W].

    With `half` the networks look at 2 x 2 means and their answers are enlarged again: a quarter of the price, finest detail lost.
    """

    def __init__(self, width=16, half=False, frames=10):
        super().__init__()
        self.half = half
        self.tdl = UNet(frames, width)
        self.lrs = UNet(1, width)
        self.ffs = UNet(3, width)

    def forward(self, frames):
        if not self.half:
            return self.look(frames)
        answers = self.look(nn.functional.avg_pool2d(frames, 2))
        return tuple(nn.functional.interpolate(answer.float(), scale_factor=2, mode="bilinear", align_corners=False) for answer in answers)

    def look(self, frames):
        key = frames[:, -1:]
        difference = self.tdl(frames)
        liver = self.lrs(key)
        tumour = self.ffs(torch.cat([key, liver, difference], dim=1))
        return tumour, liver, difference


def overlap_loss(logits, truth):
    """Half binary cross-entropy, half Dice (equations 2 and 3, a = 0.5)."""
    logits = logits.float()
    entropy = nn.functional.binary_cross_entropy_with_logits(logits, truth)
    probability = logits.sigmoid()
    shared = (probability * truth).sum((1, 2, 3))
    dice = (2 * shared + 1) / (probability.sum((1, 2, 3)) + truth.sum((1, 2, 3)) + 1)
    return 0.5 * entropy + 0.5 * (1 - dice.mean())


def total_loss(outputs, frames, tumour, liver):
    """Equation 4: the temporal difference is taught by I_k - I_(k-9) with weight 0.1."""
    tumour_logits, liver_logits, difference = outputs
    taught = nn.functional.l1_loss(difference.float(), frames[:, -1:] - frames[:, :1])
    return 0.1 * taught + overlap_loss(liver_logits, liver) + overlap_loss(tumour_logits, tumour)
